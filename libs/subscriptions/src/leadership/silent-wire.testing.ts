import { createServer, connect, type Server, type Socket } from 'node:net';
import { type AddressInfo } from 'node:net';

/**
 * A wire to a PostgreSQL that can fall silent: from then on nothing that is sent arrives, and nobody is told. This is
 * what is left of a connection when a machine or a network is gone.
 */
export class SilentWire {
  readonly #sockets: Socket[] = [];
  #isSilent = false;

  private constructor(
    private readonly server: Server,
    /** Of the PostgreSQL, over this wire. */
    readonly url: string,
  ) {}

  static async to(url: string): Promise<SilentWire> {
    const [target, through] = [new URL(url), new URL(url)];
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const wire = new SilentWire(server, through.href);
    server.on('connection', (near) => {
      const far = connect(Number(target.port), target.hostname);
      wire.#join(near, far);
      wire.#join(far, near);
    });
    return wire;
  }

  fallSilent(): void {
    this.#isSilent = true;
  }

  async cut(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.push(from);
    from.on('data', (bytes) => {
      if (!this.#isSilent) to.write(bytes);
    });
    from.on('close', () => {
      if (!this.#isSilent) to.destroy();
    });
    from.on('error', () => undefined);
  }
}
