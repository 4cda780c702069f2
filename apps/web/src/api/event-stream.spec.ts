import { describe, expect, it } from '@jest/globals';
import { EventStreamParser } from './event-stream.js';

const WEIGHING = 'event: weighing\nid: 41\ndata: {"netGrams":1950}\n\n';
const READ = { event: 'weighing', id: '41', data: '{"netGrams":1950}' };

describe('an event stream', () => {
  it('is read event by event', () => {
    expect(new EventStreamParser().feed(WEIGHING + WEIGHING)).toEqual([READ, READ]);
  });

  it('is read the same however the network cuts it', () => {
    const parser = new EventStreamParser();
    expect(Array.from(WEIGHING).flatMap((letter) => parser.feed(letter))).toEqual([READ]);
  });

  it('may end its lines as Windows does, and leave out what has a default', () => {
    expect(new EventStreamParser().feed('data:one\r\ndata: two\r\n\r\n')).toEqual([
      { event: 'message', id: null, data: 'one\ntwo' },
    ]);
  });

  it('says nothing by a heartbeat', () => {
    expect(new EventStreamParser().feed(': heartbeat\n\n')).toEqual([]);
  });

  it('is refused when a line never ends', () => {
    const parser = new EventStreamParser();
    expect(() => parser.feed('x'.repeat(70_000))).toThrow(RangeError);
  });
});
