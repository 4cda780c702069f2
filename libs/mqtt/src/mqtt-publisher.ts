export interface PublishOptions {
  readonly qos: 0 | 1;
  /** Kept by the broker for those who subscribe later. */
  readonly retain: boolean;
}

/** Speaks to scales. A port: on the embedded broker it is a call in this process, on another broker a connection. */
export abstract class MqttPublisher {
  /** Resolves when the broker has it; rejects when it has not, without keeping it for later. */
  abstract publish(topic: string, payload: string | Buffer, options: PublishOptions): Promise<void>;
}
