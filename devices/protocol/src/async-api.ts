import { z } from 'zod';
import { PACKET_BYTES_MAX, PAYLOAD_BYTES_MAX } from './limits.js';
import { receiptV1 } from './receipt.v1.js';
import { scaleConfigV1 } from './scale-config.v1.js';
import { SCALE_STATUSES } from './status.js';
import { SCALE_CHANNELS, SCALE_ID_PATTERN, scaleTopic, type ScaleChannel } from './topics.js';
import { weighingReportsV1 } from './weighing-reports.v1.js';

/** Three parts in base64url (RFC 7515 § 3.1). */
const JWS_PATTERN = '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$';
const MQTT_BINDING = '0.2.0';

/** What is said on each channel, by whom, and which messages that are. */
const CHANNELS = {
  weighings: {
    by: 'scale',
    says: 'What a scale has weighed. It repeats a message until a receipt covers it.',
    retain: false,
    messages: ['signedWeighingReports', 'unsignedWeighingReports'],
  },
  receipts: {
    by: 'backend',
    says: 'The answer to each message on `weighings`, once what it says is durable.',
    retain: false,
    messages: ['receipt'],
  },
  events: {
    by: 'scale',
    says: 'Verification, seal, zero and test-weight checks, clock, tamper: kept as evidence.',
    retain: false,
    messages: ['scaleEvent'],
  },
  status: { by: 'scale', says: '`online`, and `offline` as last will.', retain: true, messages: ['scaleStatus'] },
  config: {
    by: 'backend',
    says: 'What a scale is told about itself and its place.',
    retain: true,
    messages: ['scaleConfig'],
  },
} as const satisfies Record<ScaleChannel, object>;

/**
 * The contract with a scale as an AsyncAPI 3.0 document, made of the schemas that judge messages. Signed messages are
 * text to MQTT; what is inside the signature is under `x-jws-payload`.
 */
export function describeMessages(): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Mizan: scales and their backend',
      version: '1.0.0',
      description: `MQTT 3.1.1 or 5. A payload has at most ${PAYLOAD_BYTES_MAX} bytes before it is signed; a broker must let packets of ${PACKET_BYTES_MAX} bytes through.`,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: {
      embedded: {
        host: '127.0.0.1:1883',
        protocol: 'mqtt',
        protocolVersion: '3.1.1',
        description: 'The broker inside Mizan; with MQTT_URL another one, of MQTT 3.1.1 or 5.',
      },
    },
    channels: Object.fromEntries(SCALE_CHANNELS.map((channel) => [channel, channelOf(channel)])),
    operations: Object.fromEntries(SCALE_CHANNELS.map((channel) => [operationName(channel), operationOf(channel)])),
    components: {
      messages: MESSAGES,
      schemas: {
        weighingReportsV1: schemaOf(weighingReportsV1),
        receiptV1: schemaOf(receiptV1),
        scaleConfigV1: schemaOf(scaleConfigV1),
      },
    },
  };
}

const MESSAGES = {
  signedWeighingReports: signed('weighingReportsV1', 'Signed with the key that is registered for the scale (`kid`).'),
  unsignedWeighingReports: {
    summary: 'From a scale that is registered as unsigned.',
    contentType: 'application/json',
    payload: reference('schemas', 'weighingReportsV1'),
  },
  receipt: signed('receiptV1', "Signed with the installation's key (`/.well-known/jwks.json`)."),
  scaleConfig: signed('scaleConfigV1', "Signed with the installation's key (`/.well-known/jwks.json`)."),
  scaleEvent: { summary: 'Any bytes.', contentType: 'application/octet-stream', payload: {} },
  scaleStatus: { contentType: 'text/plain', payload: { type: 'string', enum: SCALE_STATUSES } },
};

function channelOf(channel: ScaleChannel) {
  const { says, messages } = CHANNELS[channel];
  return {
    address: scaleTopic('{scaleId}', channel),
    description: says,
    parameters: { scaleId: { description: `The scale's id: ${SCALE_ID_PATTERN.source}` } },
    messages: Object.fromEntries(messages.map((message) => [message, reference('messages', message)])),
  };
}

/** From where the backend stands. */
function operationOf(channel: ScaleChannel) {
  const { by, retain } = CHANNELS[channel];
  return {
    action: by === 'scale' ? 'receive' : 'send',
    channel: { $ref: `#/channels/${channel}` },
    bindings: { mqtt: { qos: 1, retain, bindingVersion: MQTT_BINDING } },
  };
}

function operationName(channel: ScaleChannel): string {
  return `${CHANNELS[channel].by === 'scale' ? 'receive' : 'send'}${channel.charAt(0).toUpperCase()}${channel.slice(1)}`;
}

function signed(schema: string, summary: string) {
  return {
    summary,
    contentType: 'application/jose',
    payload: { type: 'string', pattern: JWS_PATTERN, 'x-jws-payload': reference('schemas', schema) },
  };
}

function reference(kind: 'schemas' | 'messages', name: string) {
  return { $ref: `#/components/${kind}/${name}` };
}

/** What a sender may write, in the dialect of AsyncAPI's schema objects. */
function schemaOf(schema: z.ZodType): object {
  const described = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  // The dialect is said once, by the document.
  return Object.fromEntries(Object.entries(described).filter(([keyword]) => keyword !== '$schema'));
}
