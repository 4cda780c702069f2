import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, Logger, Module } from '@nestjs/common';
import { FixedClock } from '#kernel/testing';
import { type Readiness, ReadinessCheck } from '#platform';
import {
  load,
  MaterialTally,
  materialTallyMigrations,
  POISON,
} from '../../../subscriptions/src/material-tally.testing.js';
import { eventually } from '../../../../test/support/eventually.js';
import { startTestApi, type TestApi } from '../../../../test/support/test-api.js';

let brokerAnswers: () => Promise<Readiness>;

@Injectable()
class BrokerReadiness extends ReadinessCheck {
  readonly name = 'broker';

  check(): Promise<Readiness> {
    return brokerAnswers();
  }
}

@Module({ providers: [BrokerReadiness] })
class BrokerModule {}

const clock = new FixedClock('2030-01-01T00:00:00.000Z');
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({
    modules: [BrokerModule],
    eventTypes: [
      { type: 'LoadWeighed', schemaVersion: 1 },
      { type: 'LoadVoided', schemaVersion: 1 },
    ],
    projections: [new MaterialTally()],
    migrations: { readModel: materialTallyMigrations },
    clock,
  });
  Logger.overrideLogger(false);
  brokerAnswers = () => Promise.resolve({ ready: true, detail: { clients: 3 } });
});
afterAll(() => api.close());

async function ask(path: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${api.url}${path}`);
  return { status: answer.status, body: await answer.json() };
}

describe('health', () => {
  it('is alive while it can answer', async () => {
    expect(await ask('/health/live')).toEqual({ status: 200, body: { status: 'live' } });
  });

  it('is ready when every part is', async () => {
    await api.append(load('glass', 5));
    await eventually(async () => {
      expect(await ask('/health/ready')).toEqual({
        status: 200,
        body: {
          status: 'ready',
          checks: {
            database: { ready: true },
            'read-model': {
              ready: true,
              detail: {
                head: '1',
                notStarted: [],
                projections: [{ name: 'material-tally', status: 'running', position: '1', parkedEvents: 0 }],
              },
            },
            broker: { ready: true, detail: { clients: 3 } },
          },
        },
      });
    });
  });

  it.each([
    ['says no', () => Promise.resolve({ ready: false, detail: { problem: 'disconnected' } }), 'disconnected'],
    ['fails', () => Promise.reject(new Error('amqp://user:password@host')), 'failed'],
    ['does not answer', () => new Promise<Readiness>(() => undefined), 'no answer'],
  ])('is not ready when a part %s, and says which', async (_, answers, problem) => {
    brokerAnswers = answers;
    const { status, body } = await ask('/health/ready');
    expect([status, body]).toEqual([
      503,
      expect.objectContaining({
        status: 'not-ready',
        checks: expect.objectContaining({ broker: { ready: false, detail: { problem } } }),
      }),
    ]);
    brokerAnswers = () => Promise.resolve({ ready: true });
  });

  it('is not ready when a projection has stopped; how far it is behind can be read from its metrics', async () => {
    await api.appendOnly(POISON);
    await eventually(async () => {
      const { status, body } = await ask('/health/ready');
      expect([status, body]).toMatchObject([
        503,
        { checks: { 'read-model': { detail: { projections: [{ status: 'stopped', position: '1' }] } } } },
      ]);
    });
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(metrics).toContain('mizan_projection_lag_events{projection="material-tally"} 1\n');
    expect(metrics).toMatch(/mizan_projection_lag_seconds\{projection="material-tally"\} \d{6,}/);
    for (const [name, value] of Object.entries({ partitions: 1, stopped_partitions: 1, parked_events: 0 })) {
      expect(metrics).toContain(`mizan_projection_${name}{projection="material-tally"} ${value}\n`);
    }
  });

  it('shows whether some process leads a projection', async () => {
    await eventually(async () => {
      const metrics = await (await fetch(`${api.url}/metrics`)).text();
      expect(metrics).toContain('mizan_projection_led_partitions{projection="material-tally"} 1\n');
    });
  });
});

describe('metrics', () => {
  it('are for this machine alone', async () => {
    const answer = await fetch(`${api.url}/metrics`, { headers: { 'X-Forwarded-For': '203.0.113.7' } });
    expect(answer.status).toBe(404);
  });
});

describe('the receipt key', () => {
  it('is for everybody', async () => {
    expect(await ask('/.well-known/jwks.json')).toEqual({
      status: 200,
      body: {
        keys: [
          {
            kty: 'OKP',
            crv: 'Ed25519',
            x: expect.stringMatching(/^[\w-]{43}$/),
            kid: expect.stringMatching(/^[\w-]{43}$/),
            alg: 'EdDSA',
            use: 'sig',
          },
        ],
      },
    });
  });
});
