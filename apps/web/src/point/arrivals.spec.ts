import { describe, expect, it } from '@jest/globals';
import { type LiveWeighing } from '#api-client';
import { type Arrivals, ARRIVALS_MAX, arrivalsAfter, type ArrivalsChange, NO_ARRIVALS } from './arrivals.js';

const weighing = (id: string): LiveWeighing => ({
  position: id,
  weighingId: id,
  pointId: 'square',
  scaleId: 'beitillu-01',
  material: 'glass',
  netGrams: 1_950,
  weighedAt: '2026-11-23T08:15:30.120Z',
  receivedAt: '2026-11-23T08:15:30.410Z',
  recordedAt: '2026-11-23T08:15:30.420Z',
  rewardable: true,
  reasons: [],
});
const arrived = (id: string): ArrivalsChange => ({ type: 'arrived', weighing: weighing(id) });
const after = (...changes: readonly ArrivalsChange[]): Arrivals => changes.reduce(arrivalsAfter, NO_ARRIVALS);
const ids = (weighings: readonly LiveWeighing[]) => weighings.map(({ weighingId }) => weighingId);

describe('the list of arrivals', () => {
  it('opens with the recent ones, unmarked', () => {
    const arrivals = after({ type: 'opened', recent: [weighing('2'), weighing('1')] });
    expect(ids(arrivals.shown)).toEqual(['2', '1']);
    expect(arrivals.fresh.size).toBe(0);
  });

  it('puts a new one first and marks it', () => {
    const arrivals = after({ type: 'opened', recent: [weighing('1')] }, arrived('2'));
    expect(ids(arrivals.shown)).toEqual(['2', '1']);
    expect([...arrivals.fresh]).toEqual(['2']);
  });

  it('shows a weighing once, however often a reconnect repeats it', () => {
    expect(ids(after(arrived('1'), arrived('2'), arrived('1')).shown)).toEqual(['2', '1']);
  });

  it('does not move while it is held, and catches up in order when it is let go', () => {
    const held = after(arrived('1'), { type: 'held' }, arrived('2'), arrived('3'), arrived('2'));
    expect(ids(held.shown)).toEqual(['1']);
    expect(ids(held.waiting)).toEqual(['3', '2']);
    const released = arrivalsAfter(held, { type: 'released' });
    expect(ids(released.shown)).toEqual(['3', '2', '1']);
    expect([...released.fresh].sort()).toEqual(['2', '3']);
    expect(released.waiting).toEqual([]);
  });

  it('catches up on request and is still held', () => {
    const arrivals = after({ type: 'held' }, arrived('1'), { type: 'caught-up' }, arrived('2'));
    expect(ids(arrivals.shown)).toEqual(['1']);
    expect(ids(arrivals.waiting)).toEqual(['2']);
  });

  it('keeps a bounded number', () => {
    const many = Array.from({ length: 3 * ARRIVALS_MAX }, (_, index) => arrived(String(index)));
    expect(after(...many).shown).toHaveLength(ARRIVALS_MAX);
    expect(after({ type: 'held' }, ...many).waiting).toHaveLength(ARRIVALS_MAX);
  });
});
