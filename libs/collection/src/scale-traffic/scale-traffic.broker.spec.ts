import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { channelFilter, scaleTopic, verifyScaleConfig, type ScaleConfigV1 } from '#protocol';
import { eventually } from '../../../../test/support/eventually.js';
import { startTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { startIngest, TestScale, type IngestUnderTest, type World } from '../ingest.testing.js';

describe('what scales say besides weighings, and what they are told', () => {
  let database: TestDatabase;
  let ingest: IngestUnderTest;
  let world: World;
  let scale: TestScale;
  const listeners: MqttClient[] = [];

  const rows = <Row>(sql: string) => ingest.platform.database.query<Row[]>(sql);
  const statuses = () =>
    rows<{ scale_id: string; status: string | null; last_seen_at: Date | null }>(
      'SELECT scale_id, status, last_seen_at FROM ingest.scale_status ORDER BY scale_id',
    );

  beforeEach(async () => {
    database = await startTestDatabase();
    scale = new TestScale('beitillu-01');
    world = { scales: [scale.registered()], cards: [], conditions: [] };
    ingest = await startIngest({ databaseUrl: database.url, world });
  });
  afterEach(async () => {
    await scale.disconnect();
    await Promise.all(listeners.splice(0).map((listener) => listener.endAsync(true)));
    await ingest.stop();
    await database.stop();
  });

  async function configs(): Promise<ScaleConfigV1[]> {
    const listener = await connectAsync(ingest.mqttUrl);
    listeners.push(listener);
    const heard: ScaleConfigV1[] = [];
    listener.on('message', (_, payload) => {
      const config = verifyScaleConfig(payload, ingest.receiptKey);
      if (config) heard.push(config);
    });
    await listener.subscribeAsync(channelFilter('config'), { qos: 1 });
    return heard;
  }

  it('is that they are there', async () => {
    await scale.connect(ingest);
    await scale.send('online', scaleTopic('beitillu-01', 'status'));
    await eventually(async () =>
      expect(await statuses()).toEqual([{ scale_id: 'beitillu-01', status: 'online', last_seen_at: expect.any(Date) }]),
    );
  });

  it('is their last will, which is not a word of their own', async () => {
    const will = {
      topic: scaleTopic('beitillu-01', 'status'),
      payload: Buffer.from('offline'),
      qos: 1,
      retain: true,
    } as const;
    await scale.connect(ingest, { will, reconnectPeriod: 0 });
    await scale.send('online', will.topic);
    const online = await eventually(async () => {
      const [row] = await statuses();
      expect(row).toMatchObject({ status: 'online' });
      return row;
    });
    await scale.disconnect();
    await eventually(async () => expect(await statuses()).toMatchObject([{ status: 'offline' }]));
    expect((await statuses())[0]?.last_seen_at).toEqual(online?.last_seen_at);
  });

  it('holds up no weighing, and is written as soon as it can be', async () => {
    await scale.connect(ingest);
    await rows('ALTER TABLE ingest.scale_status RENAME TO scale_status_away');
    await scale.send('online', scaleTopic('beitillu-01', 'status'));
    await scale.send(scale.message([scale.report()]));
    await eventually(() => expect(scale.receipts).toMatchObject([{ ackedSeq: 1 }]));
    await rows('ALTER TABLE ingest.scale_status_away RENAME TO scale_status');
    await eventually(async () => expect(await statuses()).toMatchObject([{ status: 'online' }]));
  });

  it('is heard of scales that are registered, and of no others', async () => {
    await scale.connect(ingest);
    await scale.send('online', scaleTopic('stranger', 'status'));
    await scale.send(scale.message([scale.report()]));
    await scale.send('noise', scaleTopic('stranger', 'weighings'));
    await eventually(async () =>
      expect(await statuses()).toEqual([{ scale_id: 'beitillu-01', status: null, last_seen_at: expect.any(Date) }]),
    );
  });

  it('is kept as it came where nobody understands it yet', async () => {
    await scale.connect(ingest);
    const messages = [
      [scaleTopic('beitillu-01', 'events'), scale.message([])],
      [scaleTopic('stranger', 'events'), Buffer.from('{"zero":true}')],
      [scaleTopic('beitillu-01', 'status'), Buffer.from('half broken')],
    ] as const;
    for (const [topic, payload] of messages) await scale.send(payload, topic);
    expect(await rows('SELECT topic, payload, municipality_id FROM ingest.evidence')).toEqual(
      expect.arrayContaining(messages.map(([topic, payload]) => ({ topic, payload, municipality_id: 'beitillu' }))),
    );
    expect(await ingest.platform.eventStore.readAll({ after: '0', max: 10, types: ['ReportQuarantined'] })).toEqual([]);
    expect(scale.receipts).toEqual([]);
  });

  it('includes the removal of a retained status, which says nothing', async () => {
    await scale.connect(ingest);
    await scale.send('', scaleTopic('beitillu-01', 'status'));
    expect(await rows('SELECT * FROM ingest.evidence')).toEqual([]);
  });

  it('is their configuration, signed, for those who come later too', async () => {
    const heard = await configs();
    await eventually(() =>
      expect(heard).toMatchObject([
        {
          schema: 'mizan/scale-config/1',
          scaleId: 'beitillu-01',
          materials: [
            { material: 'plastic', name: { ar: 'بيتللو', en: 'Beitillu' } },
            { material: 'glass', name: { ar: 'بيتللو', en: 'Beitillu' } },
          ],
          limits: { capacityGrams: 60_000, minimumGrams: 400, intervalGrams: 20 },
          verifiedUntil: '2099-12-31T23:59:59.000Z',
        },
      ]),
    );
  });
});
