import { get } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveStreams } from '#platform';
import { eventually } from '../../../../test/support/eventually.js';
import { type TestApi } from '../../../../test/support/test-api.js';
import { established, HOUSEHOLD, weighed, weighingId } from '../events/testing.js';
import { startWeighingsApi } from '../weighings.testing.js';

interface ServerSentEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** What a browser's EventSource would have been told so far. */
interface OpenStream {
  readonly contentType: string | null;
  readonly events: readonly ServerSentEvent[];
  readonly comments: readonly string[];
  close(): void;
}

let api: TestApi;
let number = 0;
let streams: OpenStream[] = [];

beforeAll(async () => {
  api = await startWeighingsApi();
  await api.append(established(), established({ municipalityId: 'ramallah' }));
});
afterEach(() => {
  for (const stream of streams) stream.close();
  streams = [];
});
afterAll(() => api.close());

async function open(cookie: string, query = '', headers: Record<string, string> = {}): Promise<OpenStream> {
  const controller = new AbortController();
  const answer = await fetch(`${api.url}/api/v1/weighings/live${query}`, {
    headers: { cookie, ...headers },
    signal: controller.signal,
  });
  const [events, comments]: [ServerSentEvent[], string[]] = [[], []];
  void readBlocks(answer, (block) => {
    const fields = new Map(block.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
    const comment = fields.get('');
    if (comment !== undefined) comments.push(comment);
    const [event, id, data] = [fields.get('event'), fields.get('id'), fields.get('data')];
    if (event !== undefined && id !== undefined && data !== undefined)
      events.push({ event, id, data: JSON.parse(data) });
  });
  const stream = {
    contentType: answer.headers.get('Content-Type'),
    events,
    comments,
    close: () => controller.abort(),
  };
  streams.push(stream);
  // The first heartbeat says that the stream is open.
  await eventually(() => expect(comments).toContain('heartbeat'));
  return stream;
}

async function readBlocks(answer: Response, each: (lines: readonly string[]) => void): Promise<void> {
  let rest = '';
  try {
    for await (const chunk of answer.body ?? []) {
      const blocks = (rest + Buffer.from(chunk as Uint8Array).toString('utf8')).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) each(block.split('\n').filter((line) => line !== ''));
    }
  } catch {
    // Closed by the test.
  }
}

/** Weighs once; answers the number of the weighing. */
async function weigh(municipalityId = 'beitillu', changes: Parameters<typeof weighed>[1] = {}): Promise<number> {
  number += 1;
  await api.append(weighed(number, changes, municipalityId));
  return number;
}

function numbersOf(stream: OpenStream): readonly number[] {
  return stream.events.map(({ data }) => Number((data as { weighingId: string }).weighingId.slice(-12)));
}

describe('GET /weighings/live', () => {
  it('sends each weighing within a second, with its position as id, and not whose it is', async () => {
    const { cookie } = await api.as({ role: 'household', householdId: HOUSEHOLD });
    const stream = await open(cookie);
    expect(stream.contentType).toContain('text/event-stream');

    number += 1;
    const started = performance.now();
    const position = await api.appendOnly(weighed(number, { reasons: ['unsigned'] }));
    await eventually(() => expect(stream.events).toHaveLength(1));
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(stream.events[0]).toEqual({
      event: 'weighing',
      id: position,
      data: {
        position,
        weighingId: weighingId(number),
        pointId: 'school',
        scaleId: 'beitillu-01',
        material: 'plastic',
        netGrams: 1_950,
        weighedAt: '2026-03-02T08:15:30.120Z',
        receivedAt: '2026-03-02T08:15:30.400Z',
        recordedAt: expect.stringMatching(/Z$/),
        rewardable: true,
        reasons: ['unsigned'],
      },
    });
  });

  it('sends only what the watcher’s own municipality weighs', async () => {
    const here = await open((await api.as({ role: 'operator' })).cookie);
    const there = await open((await api.as({ role: 'recycler', municipalityId: 'ramallah' })).cookie);
    const [first, second, third] = [await weigh(), await weigh('ramallah'), await weigh()];
    await eventually(() => {
      expect(numbersOf(here)).toEqual([first, third]);
      expect(numbersOf(there)).toEqual([second]);
    });
  });

  it('goes on after the last weighing that a returning watcher got', async () => {
    const { cookie } = await api.as({ role: 'clerk' });
    const stream = await open(cookie);
    await weigh();
    await eventually(() => expect(stream.events).toHaveLength(1));
    stream.close();
    const missed = [await weigh(), await weigh()];

    const lastEventId = stream.events[0]?.id ?? '';
    const again = await open(cookie, '', { 'Last-Event-ID': lastEventId });
    const first = await open(cookie, `?lastEventId=${lastEventId}`);
    const then = await weigh();
    await eventually(() => {
      expect(numbersOf(again)).toEqual([...missed, then]);
      expect(numbersOf(first)).toEqual([...missed, then]);
    });
  });

  it('misses nothing and repeats nothing, whenever a watcher comes', async () => {
    const { cookie } = await api.as({ role: 'clerk' });
    const before = await api.append(weighed((number += 1)));
    const [from, count] = [number + 1, 300];
    number += count;
    const appending = Promise.all(
      Array.from({ length: count / 10 }, (_, batch) =>
        api.appendOnly(...Array.from({ length: 10 }, (_each, index) => weighed(from + batch * 10 + index))),
      ),
    );
    const watchers: OpenStream[] = [];
    for (let joined = 0; joined < 5; joined += 1) watchers.push(await open(cookie, `?lastEventId=${before}`));
    await appending;
    const all = Array.from({ length: count }, (_, index) => from + index);
    await eventually(() => {
      for (const watcher of watchers) {
        expect([...numbersOf(watcher)].sort((a, b) => a - b)).toEqual(all);
        const positions = watcher.events.map(({ id }) => Number(id));
        expect(positions).toEqual([...positions].sort((a, b) => a - b));
      }
    });
  });

  it('cuts off a watcher that does not read, which would have to be waited for', async () => {
    const { cookie } = await api.as({ role: 'clerk' });
    const streamsOpen = () => api.get(LiveStreams).openCount;
    await eventually(() => expect(streamsOpen()).toBe(0));
    const request = get(`${api.url}/api/v1/weighings/live`, { headers: { cookie } });
    // A response that is paused is not read, and what is not read is not taken from the socket for long.
    request.on('response', (response) => response.pause()).on('error', () => undefined);
    await eventually(() => expect(streamsOpen()).toBe(1));

    // Much more than the buffers between two sockets hold.
    const reasons = Array.from({ length: 5_000 }, () => 'unsigned');
    for (let round = 0; round < 20 && streamsOpen() > 0; round += 1) {
      await api.append(...Array.from({ length: 20 }, () => weighed((number += 1), { reasons })));
    }
    await eventually(() => expect(streamsOpen()).toBe(0));
    request.destroy();
  });

  it('is for those who are signed in, and resumes only from positions', async () => {
    expect(await fetch(`${api.url}/api/v1/weighings/live`)).toMatchObject({ status: 401 });
    const clerk = await api.as({ role: 'clerk' });
    expect(await clerk.get('/weighings/live?lastEventId=yesterday')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'lastEventId' }] },
    });
  });
});
