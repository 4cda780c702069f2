/** The contract's topics. They are built here and nowhere else. */
const PREFIX = 'mizan/v1/scales';

export const SCALE_CHANNELS = ['weighings', 'receipts', 'events', 'status', 'config'] as const;
export type ScaleChannel = (typeof SCALE_CHANNELS)[number];

/** Channels on which a scale speaks; on the others it only listens. */
export const UPLINK_CHANNELS = ['weighings', 'events', 'status'] as const satisfies readonly ScaleChannel[];

/** Channels that anybody on the broker may hear. What scales say of weighings is for the backend alone: it names cards. */
const AUDIBLE_CHANNELS: readonly ScaleChannel[] = ['receipts', 'config', 'status'];

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

/** Whether a scale may publish to a topic: on its uplink channels only, so that nobody but the backend signs receipts. */
export function isUplinkTopic(topic: string): boolean {
  const channel = parseScaleTopic(topic)?.channel;
  return UPLINK_CHANNELS.some((one) => one === channel);
}

/** Whether what a scale publishes to a topic is kept for those who come later: its status only. */
export function isRetainedUplinkTopic(topic: string): boolean {
  return parseScaleTopic(topic)?.channel === 'status';
}

/** Whether a client of the broker may subscribe to a filter: one audible channel, of one scale or (`+`) of all. */
export function isAudibleFilter(filter: string): boolean {
  const audible = AUDIBLE_CHANNELS.some((channel) => filter === channelFilter(channel));
  const channel = parseScaleTopic(filter)?.channel;
  return audible || AUDIBLE_CHANNELS.some((one) => one === channel);
}
