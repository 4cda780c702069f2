import { beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { FixedClock } from '#kernel/testing';
import { MqttPublisher } from '#mqtt';
import { type InstallationKeys } from '#platform';
import { type MaterialCatalogue } from '../record-weighing/material-catalogue.js';
import { ScaleRegister, type RegisteredScale } from '../record-weighing/scale-register.js';
import { ScaleConfigs } from './scale-configs.js';

const SCALE: Omit<RegisteredScale, 'scaleId'> = {
  municipalityId: 'beitillu',
  pointId: 'school',
  trust: { kind: 'unsigned' },
  capacityGrams: 60_000,
  minimumGrams: 400,
  intervalGrams: 20,
  verifiedUntil: '2027-12-31T23:59:59.000Z',
  firstSeq: null,
};

class Listed extends ScaleRegister {
  scales: RegisteredScale[] = [];

  override find(): Promise<readonly RegisteredScale[]> {
    return Promise.resolve([]);
  }

  override list(after: string, max: number): Promise<readonly RegisteredScale[]> {
    return Promise.resolve(this.scales.filter(({ scaleId }) => scaleId > after).slice(0, max));
  }
}

class Published extends MqttPublisher {
  topics: string[] = [];
  fails = false;

  override publish(topic: string, _payload: string | Buffer, { retain }: { retain: boolean }): Promise<void> {
    if (this.fails) return Promise.reject(new Error('the broker is away'));
    this.topics.push(retain ? topic : `${topic} (not retained)`);
    return Promise.resolve();
  }
}

describe('configurations of scales', () => {
  let register: Listed;
  let publisher: Published;
  let configs: ScaleConfigs;

  beforeEach(() => {
    register = new Listed();
    publisher = new Published();
    configs = new ScaleConfigs(
      register,
      { of: () => Promise.resolve(new Map()) } as unknown as MaterialCatalogue,
      publisher,
      { receiptKey: { kid: 'k', privateKey: generateKeyPairSync('ed25519').privateKey } } as InstallationKeys,
      new FixedClock('2026-11-23T08:15:30.410Z'),
    );
  });

  const register1200 = () => {
    register.scales = Array.from({ length: 1_200 }, (_, n) => ({
      ...SCALE,
      scaleId: `s${String(n).padStart(4, '0')}`,
    }));
  };

  it('are sent to every scale, however many there are', async () => {
    register1200();
    await configs.tellAll();
    expect(publisher.topics).toEqual(register.scales.map(({ scaleId }) => `mizan/v1/scales/${scaleId}/config`));
  });

  it('are sent again only to a scale whose configuration changed, and to a new one', async () => {
    register.scales = [
      { ...SCALE, scaleId: 'a' },
      { ...SCALE, scaleId: 'b' },
    ];
    await configs.tellAll();
    register.scales = [
      { ...SCALE, scaleId: 'a', minimumGrams: 200 },
      { ...SCALE, scaleId: 'b' },
      { ...SCALE, scaleId: 'c' },
    ];
    publisher.topics = [];
    await configs.tellAll();
    expect(publisher.topics).toEqual(['mizan/v1/scales/a/config', 'mizan/v1/scales/c/config']);
  });

  it('are sent the next time where the broker was away', async () => {
    register.scales = [{ ...SCALE, scaleId: 'a' }];
    publisher.fails = true;
    await expect(configs.tellAll()).rejects.toThrow();
    publisher.fails = false;
    await configs.tellAll();
    expect(publisher.topics).toHaveLength(1);
  });
});
