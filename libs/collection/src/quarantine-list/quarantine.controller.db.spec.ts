import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SignedIn, type TestApi } from '../../../../test/support/test-api.js';
import { quarantined, weighingId } from '../events/testing.js';
import { startWeighingsApi } from '../weighings.testing.js';

let api: TestApi;
let clerk: SignedIn;

beforeAll(async () => {
  api = await startWeighingsApi();
  clerk = await api.as({ role: 'clerk' });
  await api.append(
    quarantined(1),
    quarantined(2, {}, 'ramallah'),
    quarantined(3, { seq: null, weighingId: null, reasons: ['bad-schema'], details: ['message: not JSON'] }),
  );
});
afterAll(() => api.close());

describe('GET /quarantine', () => {
  it('lists what waits for a person, the newest first', async () => {
    expect(await clerk.get('/quarantine')).toEqual({
      status: 200,
      body: {
        items: [
          {
            quarantineId: 'quarantine-3',
            scaleId: 'beitillu-01',
            seq: null,
            weighingId: null,
            reasons: ['bad-schema'],
            details: ['message: not JSON'],
            topic: 'mizan/v1/scales/beitillu-01/weighings',
            receivedAt: '2026-03-02T08:15:30.400Z',
            messageHash: 'hash',
          },
          expect.objectContaining({ quarantineId: 'quarantine-1', seq: 1, weighingId: weighingId(1), details: [] }),
        ],
        nextCursor: null,
      },
    });
  });

  it('goes on where the page before ended', async () => {
    const first = (await clerk.get('/quarantine?limit=1')).body as { nextCursor: string };
    expect((await clerk.get(`/quarantine?limit=1&cursor=${first.nextCursor}`)).body).toMatchObject({
      items: [{ quarantineId: 'quarantine-1' }],
      nextCursor: null,
    });
  });

  it('is for operators and clerks, each in their own municipality', async () => {
    const operator = await api.as({ role: 'operator', municipalityId: 'ramallah' });
    expect((await operator.get('/quarantine')).body).toMatchObject({ items: [{ quarantineId: 'quarantine-2' }] });
    const recycler = await api.as({ role: 'recycler' });
    expect(await recycler.get('/quarantine')).toMatchObject({ status: 403 });
  });
});
