/** The contract's topics. They are built here and nowhere else. */
const PREFIX = 'mizan/v1/scales';

export const SCALE_CHANNELS = ['weighings', 'receipts', 'events', 'status', 'config'] as const;
export type ScaleChannel = (typeof SCALE_CHANNELS)[number];

/** Channels on which a scale speaks; on the others it only listens. */
export const UPLINK_CHANNELS = ['weighings', 'events', 'status'] as const satisfies readonly ScaleChannel[];

/** Letters, digits, dot, underscore and hyphen: an id must not change the shape of a topic. */
export const SCALE_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function scaleTopic(scaleId: string, channel: ScaleChannel): string {
  return `${PREFIX}/${scaleId}/${channel}`;
}

/** Subscribes to one channel of every scale. */
export function channelFilter(channel: ScaleChannel): string {
  return `${PREFIX}/+/${channel}`;
}

export interface ScaleTopic {
  readonly scaleId: string;
  readonly channel: ScaleChannel;
}

/** What a topic names, or undefined for a topic that is not the contract's. */
export function parseScaleTopic(topic: string): ScaleTopic | undefined {
  const [, scaleId = '', channel = ''] = /^mizan\/v1\/scales\/([^/]+)\/([^/]+)$/.exec(topic) ?? [];
  const known = SCALE_CHANNELS.find((one) => one === channel);
  return known && SCALE_ID_PATTERN.test(scaleId) ? { scaleId, channel: known } : undefined;
}
