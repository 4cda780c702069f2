import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  channelFilter,
  isAudibleFilter,
  isRetainedUplinkTopic,
  isUplinkTopic,
  parseScaleTopic,
  SCALE_CHANNELS,
  scaleTopic,
} from './topics.js';

describe('topics', () => {
  it('name a scale and a channel, and are read back as they were built', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
    fc.assert(
      fc.property(id, fc.constantFrom(...SCALE_CHANNELS), (scaleId, channel) => {
        expect(parseScaleTopic(scaleTopic(scaleId, channel))).toEqual({ scaleId, channel });
      }),
    );
  });

  it.each([
    'mizan/v1/scales/a/b/weighings',
    'mizan/v1/scales//weighings',
    'mizan/v1/scales/+/weighings',
    'mizan/v1/scales/#',
    'mizan/v2/scales/a/weighings',
    '/mizan/v1/scales/a/weighings',
    'mizan/v1/scales/a/weighings/',
    'mizan/v1/scales/a/weighing',
    'mizan/v1/scales/$a/weighings',
    `mizan/v1/scales/${'a'.repeat(65)}/weighings`,
    'mizan/v1/scales/a\n/weighings',
    '$SYS/broker',
    '',
  ])('does not take "%s" for one', (topic) => {
    expect(parseScaleTopic(topic)).toBeUndefined();
    expect(isUplinkTopic(topic)).toBe(false);
  });

  it('let a scale speak on its uplink channels and retain its status only', () => {
    expect(SCALE_CHANNELS.filter((one) => isUplinkTopic(scaleTopic('a', one)))).toEqual([
      'weighings',
      'events',
      'status',
    ]);
    expect(SCALE_CHANNELS.filter((one) => isRetainedUplinkTopic(scaleTopic('a', one)))).toEqual(['status']);
  });

  it('let anybody hear receipts, configuration and status, and nobody what scales say', () => {
    const audible = ['receipts', 'status', 'config'];
    expect(SCALE_CHANNELS.filter((one) => isAudibleFilter(scaleTopic('a', one)))).toEqual(audible);
    expect(SCALE_CHANNELS.filter((one) => isAudibleFilter(channelFilter(one)))).toEqual(audible);
    for (const filter of ['#', '+/+/+/+/+', 'mizan/#', 'mizan/v1/scales/a/+', 'mizan/v1/scales/a/#', '$SYS/#']) {
      expect(isAudibleFilter(filter)).toBe(false);
    }
  });
});
