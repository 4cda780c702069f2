import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** ReadyForQuery, idle: the server has committed and answered (PostgreSQL documentation, message formats). */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** Stands between a client and PostgreSQL, and can cut the line at the worst moment. */
export class LossyProxy {
  private readonly sockets = new Set<Socket>();
  private losing = false;

  private constructor(
    private readonly server: Server,
    private readonly upstream: URL,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  static async start(url: string): Promise<LossyProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new LossyProxy(server, new URL(url));
  }

  get url(): string {
    const url = new URL(this.upstream);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** The next statement is carried out, its answer swallowed and its connection cut. */
  loseNextAnswer(): void {
    this.losing = true;
  }

  /** Every connection that there is. */
  readonly cut = (): void => {
    for (const socket of this.sockets) socket.destroy();
  };

  async stop(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    const upstream = connect(Number(this.upstream.port), this.upstream.hostname);
    const pair = [client, upstream];
    for (const socket of pair) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.sockets.delete(socket);
        for (const end of pair) end.destroy();
      });
    }
    client.pipe(upstream);
    let swallowed = Buffer.alloc(0);
    upstream.on('data', (answer) => {
      if (!this.losing) {
        client.write(answer);
        return;
      }
      swallowed = Buffer.concat([swallowed, answer]);
      if (!swallowed.subarray(-READY.length).equals(READY)) return;
      this.losing = false;
      client.destroy();
    });
  }
}
