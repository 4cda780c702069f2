import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { EmbeddedBroker, MqttConnection, MqttPublisher, type MessageIntake, type PublishOptions } from '#mqtt';
import { Settings } from '#platform';
import {
  channelFilter,
  isAudibleFilter,
  isRetainedUplinkTopic,
  isUplinkTopic,
  PACKET_BYTES_MAX,
  UPLINK_CHANNELS,
} from '#protocol';

/** Under this name all ingests share the messages of a broker outside this process. */
const SHARE = 'ingest';

/** The broker that scales are connected to: the one of MQTT_URL where it is set, otherwise one in this process. */
@Injectable()
export class ScaleBroker extends MqttPublisher {
  private opening: Promise<EmbeddedBroker | MqttConnection> | undefined;
  private broker: EmbeddedBroker | MqttConnection | undefined;

  constructor(private readonly settings: Settings) {
    super();
  }

  /**
   * From here on the intake is handed what scales say.
   * @throws PortTaken, BrokerUnavailable
   */
  async open(intake: MessageIntake): Promise<void> {
    this.opening = openBroker(this.settings, intake);
    this.broker = await this.opening;
  }

  async close(): Promise<void> {
    await this.broker?.close();
    this.opening = undefined;
    this.broker = undefined;
  }

  /** Where the embedded broker listens; undefined with a broker outside this process. */
  get port(): number | undefined {
    return this.broker instanceof EmbeddedBroker ? this.broker.port : undefined;
  }

  /** Whether scales are heard and can be answered now. */
  get isConnected(): boolean {
    return this.broker?.isConnected ?? false;
  }

  override async publish(topic: string, payload: string | Buffer, options: PublishOptions): Promise<void> {
    // A broker hands over what it kept for us while we are still opening, and that wants receipts too.
    const broker = await this.opening;
    if (!broker) throw new Error('The broker is not open');
    await broker.publish(topic, payload, options);
  }
}

function openBroker(
  { mqttUrl, mqttPort, host }: Settings,
  intake: MessageIntake,
): Promise<EmbeddedBroker | MqttConnection> {
  if (mqttUrl === undefined) {
    return EmbeddedBroker.start({
      host,
      port: mqttPort,
      portSetting: 'MQTT_PORT',
      packetBytesMax: PACKET_BYTES_MAX,
      rules: { mayPublish: isUplinkTopic, mayRetain: isRetainedUplinkTopic, maySubscribe: isAudibleFilter },
      intake,
    });
  }
  return MqttConnection.open({
    url: mqttUrl,
    filters: UPLINK_CHANNELS.map(channelFilter),
    intake,
    // The same after a restart, another one on another machine: what waits at the broker waits for this name.
    clientId: `mizan-ingest-${hostname()}`,
    share: SHARE,
  });
}
