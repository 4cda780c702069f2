import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startMosquitto, whyNoMosquitto, type Mosquitto } from '#mqtt/testing';
import { publishedReceiptKeys, QueueClosed, SimulatedScale } from '#scale-simulator';
import { ACCOUNTS, MATERIALS, POINTS, SCHEME } from '../../apps/mizan/src/demo/demo-village.js';
import { eventually } from '../support/eventually.js';
import { startMizan, type MizanPorts, type MizanProcess } from '../support/mizan-process.js';
import { addUp, planRun, weighPlanned, type PlannedScale, type Totals } from '../support/weighing-run.js';

const SCALES = 50;
const WEIGHINGS = 10_000;
const PER_SCALE = WEIGHINGS / SCALES;
const HOUSEHOLDS = 40;
/** Scales that lose their power as well. */
const POWER_CUTS = 10;
const RUN_MS_MAX = 180_000;

type Victim = 'broker' | 'mizan';

/** After which parts of the run what is killed; a broker is given back to life before those who need it. */
interface Kill {
  readonly part: number;
  readonly victims: readonly Victim[];
}

const MODES: Readonly<Record<string, readonly Kill[]>> = {
  'with its own broker': [0.2, 0.45, 0.7].map((part) => ({ part, victims: ['mizan'] })),
  'beside Mosquitto': [
    { part: 0.2, victims: ['mizan'] },
    { part: 0.45, victims: ['broker'] },
    { part: 0.7, victims: ['broker', 'mizan'] },
  ],
};

/** One that keeps nothing on disk: what it had acknowledged and not handed on is lost with it. */
const needsMosquitto = (kills: readonly Kill[]) => kills.some(({ victims }) => victims.includes('broker'));
const modes = Object.entries(MODES).filter(([, kills]) => whyNoMosquitto === undefined || !needsMosquitto(kills));
const minimumGrams = 400;
const capacityGrams = 60_000;

/** What the demo's scheme says, in whole micro-credits for a gram. */
function microCreditsPerGram(material: string): bigint {
  return BigInt(Math.round(Number(SCHEME.creditsPerKilogram[material] ?? '0') * 1_000));
}

describe.each(modes)(
  'kill -9 of Mizan and its PostgreSQL %s, three times in the middle of 10,000 weighings',
  (_, kills) => {
    let dataDir: string;
    let mizan: MizanProcess;
    let mosquitto: Mosquitto | undefined;
    let cookie: string;
    let plan: readonly PlannedScale[];
    const running = new Map<string, SimulatedScale>();
    /** Weighings of which a scale holds a receipt that says they are recorded: `scale seq` → weighing id. */
    const receipted = new Map<string, string>();
    let onReceipted: () => void = () => undefined;
    let isOver = false;

    beforeAll(async () => {
      dataDir = await mkdtemp(path.join(tmpdir(), 'mizan kill '));
      if (needsMosquitto(kills)) mosquitto = await startMosquitto();
      mizan = await start();
      cookie = await signInAsClerk();
      plan = await registerAll();
    }, RUN_MS_MAX);

    afterAll(async () => {
      isOver = true;
      await Promise.all([...running.values()].map((scale) => scale.close()));
      await mizan.stop();
      await mosquitto?.stop();
      await rm(dataDir, { recursive: true });
    }, RUN_MS_MAX);

    const mosquittoUrl = () => mosquitto && `mqtt://127.0.0.1:${mosquitto.port}`;

    function start(ports?: MizanPorts): Promise<MizanProcess> {
      const url = mosquittoUrl();
      return startMizan({
        dataDir: path.join(dataDir, 'installation'),
        ...(ports && { ports }),
        ...(url !== undefined && { env: { MQTT_URL: url } }),
      });
    }

    /** `kill -9`. */
    const strike: Record<Victim, () => Promise<void>> = {
      broker: async () => mosquitto?.kill(),
      mizan: () => mizan.killTree(),
    };
    const revive: Record<Victim, () => Promise<unknown>> = {
      broker: async () => (mosquitto = await startMosquitto(mosquitto?.port)),
      mizan: async () => (mizan = await start(mizan.ports)),
    };

    async function signInAsClerk(): Promise<string> {
      const { login, password } = ACCOUNTS.find(({ role }) => role === 'clerk')!;
      const answer = await fetch(`${mizan.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login, password }),
      });
      expect(answer.status).toBe(200);
      return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    }

    /** @param route below `/api/v1`, with its query */
    async function ask<Answer>(route: string, body?: object): Promise<Answer> {
      const answer = await fetch(`${mizan.url}/api/v1${route}`, {
        method: body ? 'POST' : 'GET',
        headers: { cookie, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${route} was answered with ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as Answer;
    }

    async function everyPage<Item>(route: string): Promise<Item[]> {
      const items: Item[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const query: string = cursor === '' ? '?limit=200' : `?limit=200&cursor=${encodeURIComponent(cursor)}`;
        const page: { items: Item[]; nextCursor: string | null } = await ask(`${route}${query}`);
        items.push(...page.items);
        cursor = page.nextCursor;
      }
      return items;
    }

    async function registerAll(): Promise<readonly PlannedScale[]> {
      const households: { householdId: string; card: string }[] = [];
      for (let index = 0; index < HOUSEHOLDS; index += 1) {
        const card = `card-${index}`;
        const { householdId } = await ask<{ householdId: string }>('/households', { kind: 'home', persons: 3 });
        await ask(`/households/${householdId}/cards`, { card });
        households.push({ householdId, card });
      }
      const planned = planRun({
        seed: 'kill -9',
        scaleIds: Array.from({ length: SCALES }, (_, index) => `kill-${index + 1}`),
        pointIds: POINTS.map(({ pointId }) => pointId),
        materials: MATERIALS.map(({ material }) => material),
        households,
        weighings: WEIGHINGS,
        minimumGrams,
        capacityGrams,
      });
      let position = '0';
      for (const one of planned) {
        const { key } = await switchedOn(one);
        const trust = key ? { trust: 'signed', kid: key.kid, publicKey: key.publicJwk } : { trust: 'unsigned' };
        const { scaleId, pointId } = one;
        const instrument = { capacityGrams, minimumGrams, intervalGrams: 20, verifiedUntil: '2099-12-31T23:59:59Z' };
        ({ position } = await ask<{ position: string }>('/scales', {
          scaleId,
          pointId,
          ...trust,
          ...instrument,
          firstSeq: 1,
        }));
      }
      await ask(`/scales?after=${position}`);
      return planned;
    }

    async function switchedOn({ scaleId, isSigned }: PlannedScale): Promise<SimulatedScale> {
      const scale = await SimulatedScale.open({
        scaleId,
        isSigned,
        folder: path.join(dataDir, 'scales', scaleId),
        brokerUrl: mosquittoUrl() ?? mizan.mqttUrl,
        receiptKeys: publishedReceiptKeys(`${mizan.url}/.well-known/jwks.json`),
        // Little is on its way at a time, so that a kill always comes in the middle of something.
        windowMessages: 4,
        reportsPerMessageMax: 2,
        reconnect: { firstMs: 100, maxMs: 1_000 },
        receiptTimeout: { firstMs: 2_000, maxMs: 8_000 },
        faults: { sendTwice: 1 / 3, shuffle: true, loseMessages: 0.01 },
      });
      scale.onReceipt(({ results }) => {
        for (const { seq, weighingId, outcome } of results) {
          if (outcome !== 'quarantined') receipted.set(`${scaleId} ${seq}`, String(weighingId));
        }
        onReceipted();
      });
      running.set(scaleId, scale);
      return scale;
    }

    /** Weighs what is planned, and goes on where it was when its power comes back, until a receipt covers everything. */
    async function weighAll(planned: PlannedScale): Promise<void> {
      for (;;) {
        const scale = running.get(planned.scaleId) ?? (await switchedOn(planned));
        scale.connect();
        try {
          await weighPlanned(scale, planned, { from: scale.nextSeq - 1 });
          await scale.whenReceipted(PER_SCALE);
          return;
        } catch (error) {
          if (!(error instanceof QueueClosed)) throw error;
          if (isOver) return;
          running.delete(planned.scaleId);
        }
      }
    }

    function untilReceipted(count: number): Promise<void> {
      return new Promise((resolve) => {
        onReceipted = () => {
          if (receipted.size >= count) resolve();
        };
      });
    }

    async function totals(): Promise<Totals> {
      const households = await everyPage<{ householdId: string; microCredits: string; weighings: number }>(
        '/households',
      );
      const stocks = await ask<{ items: { pointId: string; material: string; grams: string; weighings: number }[] }>(
        '/stocks',
      );
      return {
        households: Object.fromEntries(
          households
            .filter(({ weighings }) => weighings > 0)
            .map(({ householdId, microCredits, weighings }) => [householdId, { microCredits, weighings }]),
        ),
        stocks: Object.fromEntries(
          stocks.items.map(({ pointId, material, grams, weighings }) => [
            `${pointId} ${material}`,
            { grams, weighings },
          ]),
        ),
      };
    }

    it(
      'loses no weighing of which a scale holds a receipt, and the run completes to the totals added up by hand',
      async () => {
        const run = Promise.all(plan.map(weighAll));
        for (const { part, victims } of kills) {
          await untilReceipted(part * WEIGHINGS);
          await Promise.all(victims.map((victim) => strike[victim]()));
          const known = new Map(receipted);
          expect(known.size).toBeLessThan(0.9 * WEIGHINGS);
          await Promise.all(plan.slice(0, POWER_CUTS).map(({ scaleId }) => running.get(scaleId)!.cutPower()));

          for (const victim of victims) await revive[victim]();
          await eventually(() => expectRecorded(known));
        }
        await run;

        await eventually(async () => {
          expect(await totals()).toEqual(addUp(plan, microCreditsPerGram));
        });
        const possible = plan.flatMap(({ weighings }) => weighings).filter(({ isPossible }) => isPossible);
        expect(await expectRecorded(receipted)).toBe(possible.length);
      },
      RUN_MS_MAX,
    );

    /** Every one of these is in the history, and nothing is there twice. @returns how many the history shows in all */
    async function expectRecorded(weighings: ReadonlyMap<string, string>): Promise<number> {
      const shown = await everyPage<{ scaleId: string; seq: number; weighingId: string }>('/weighings');
      const recorded = new Map(shown.map(({ scaleId, seq, weighingId }) => [`${scaleId} ${seq}`, weighingId]));
      expect(recorded.size).toBe(shown.length);
      expect([...weighings].filter(([at, weighingId]) => recorded.get(at) !== weighingId)).toEqual([]);
      return shown.length;
    }
  },
);
