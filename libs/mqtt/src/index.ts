export {
  EmbeddedBroker,
  PortTaken,
  type BrokerCounters,
  type EmbeddedBrokerOptions,
  type TopicRules,
} from './embedded-broker.js';
export { type MessageIntake, type ReceivedMessage } from './message-intake.js';
export { MqttPublisher, type PublishOptions } from './mqtt-publisher.js';
export { BrokerUnavailable, MqttConnection, type MqttConnectionOptions } from './mqtt-connection.js';
