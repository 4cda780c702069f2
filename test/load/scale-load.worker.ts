import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { scaleTopic } from '#protocol';

/** Messages of one scale that wait for their receipts at the same time. */
const WINDOW = 100;

/** What a load is made of: the messages of each scale, in their order. */
export interface ScaleLoad {
  readonly port: number;
  readonly scales: readonly { readonly scaleId: string; readonly messages: readonly Uint8Array[] }[];
}

interface Packet {
  readonly cmd: string;
  readonly messageId?: number;
  readonly qos?: number;
}

interface Parser {
  on(event: 'packet', listener: (packet: Packet) => void): void;
  parse(chunk: Buffer): void;
}

/** The wire format alone: a whole client in the way would be what is measured. */
const mqtt = createRequire(import.meta.url)('mqtt-packet') as {
  generate(packet: object): Buffer;
  parser(options: object): Parser;
};

/** One scale on its connection: sends within its window, and counts receipts. */
class LoadingScale {
  private sent = 0;
  private receipts = 0;
  private finish: () => void = () => undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly topic: string,
    private readonly messages: readonly Uint8Array[],
  ) {}

  static async connect(port: number, { scaleId, messages }: ScaleLoad['scales'][number]): Promise<LoadingScale> {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    const scale = new LoadingScale(socket, scaleTopic(scaleId, 'weighings'), messages);
    const subscribed = new Promise<void>((resolve) => {
      const parser = mqtt.parser({ protocolVersion: 4 });
      parser.on('packet', (packet) => {
        if (packet.cmd === 'suback') resolve();
        if (packet.cmd === 'publish') scale.receive(packet);
      });
      socket.on('data', (chunk) => parser.parse(chunk));
    });
    const connecting = {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId: scaleId,
      keepalive: 0,
    };
    socket.write(mqtt.generate(connecting));
    const subscriptions = [{ topic: scaleTopic(scaleId, 'receipts'), qos: 1 }];
    socket.write(mqtt.generate({ cmd: 'subscribe', messageId: 1, subscriptions }));
    await subscribed;
    return scale;
  }

  /** Resolves with the last receipt. */
  async run(): Promise<void> {
    const finished = new Promise<void>((resolve) => (this.finish = resolve));
    this.send();
    await finished;
    this.socket.destroy();
  }

  private receive({ qos, messageId }: Packet): void {
    if (qos === 1) this.socket.write(mqtt.generate({ cmd: 'puback', messageId }));
    this.receipts += 1;
    if (this.receipts === this.messages.length) this.finish();
    else this.send();
  }

  private send(): void {
    this.socket.cork();
    for (; this.sent - this.receipts < WINDOW && this.sent < this.messages.length; this.sent += 1) {
      const payload = Buffer.from(this.messages[this.sent] ?? []);
      const messageId = (this.sent % 65_535) + 1;
      this.socket.write(
        mqtt.generate({ cmd: 'publish', topic: this.topic, payload, qos: 1, messageId, dup: false, retain: false }),
      );
    }
    this.socket.uncork();
  }
}

const { port, scales } = workerData as ScaleLoad;
const loading = await Promise.all(scales.map((scale) => LoadingScale.connect(port, scale)));
const startMs = performance.now();
await Promise.all(loading.map((scale) => scale.run()));
parentPort?.postMessage(performance.now() - startMs);
