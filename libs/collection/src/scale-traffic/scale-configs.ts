import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel';
import { MqttPublisher } from '#mqtt';
import { InstallationKeys } from '#platform';
import { SCALE_CONFIG_SCHEMA, scaleTopic, signScaleConfig, type ScaleConfigV1 } from '#protocol';
import { MaterialCatalogue } from '../record-weighing/material-catalogue.js';
import { ScaleRegister, type RegisteredScale } from '../record-weighing/scale-register.js';

/** How soon a scale learns of a change in its register. */
const LOOK_EVERY_MS = 30_000;
const PAGE_SCALES = 500;

/** Tells every scale what it must know, retained on `config`: at the start, and whenever that changes. */
@Injectable()
export class ScaleConfigs {
  private readonly log = new Logger(ScaleConfigs.name);
  /** What each scale was told last, without the time at which it was told. */
  private readonly told = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly scales: ScaleRegister,
    private readonly materials: MaterialCatalogue,
    private readonly publisher: MqttPublisher,
    private readonly keys: InstallationKeys,
    private readonly clock: Clock,
  ) {}

  start(): void {
    const look = () => {
      this.looking = this.tellAll()
        .catch((error: unknown) => this.log.warn(`Not every scale was told its configuration: ${String(error)}`))
        .finally(() => {
          if (this.timer) this.timer = setTimeout(look, LOOK_EVERY_MS);
        });
    };
    this.timer = setTimeout(look, 0);
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.looking;
  }

  /** Tells each scale what it was not told yet. */
  async tellAll(): Promise<void> {
    const municipalities = new Map<string, ScaleConfigV1['materials']>();
    let after = '';
    for (;;) {
      const page = await this.scales.list(after, PAGE_SCALES);
      for (const scale of page) {
        const { municipalityId } = scale;
        const materials = municipalities.get(municipalityId) ?? (await this.materialsOf(municipalityId));
        municipalities.set(municipalityId, materials);
        await this.tell(scale, materials);
      }
      const last = page.at(-1);
      if (!last || page.length < PAGE_SCALES) return;
      after = last.scaleId;
    }
  }

  private async tell(scale: RegisteredScale, materials: ScaleConfigV1['materials']): Promise<void> {
    const { scaleId, capacityGrams, minimumGrams, intervalGrams, verifiedUntil } = scale;
    const content = { materials, limits: { capacityGrams, minimumGrams, intervalGrams }, verifiedUntil };
    const text = JSON.stringify(content);
    if (this.told.get(scaleId) === text) return;
    const config = { schema: SCALE_CONFIG_SCHEMA, scaleId, ...content, serverTime: this.clock.nowIso() } as const;
    await this.publisher.publish(scaleTopic(scaleId, 'config'), signScaleConfig(config, this.keys.receiptKey), {
      qos: 1,
      retain: true,
    });
    this.told.set(scaleId, text);
  }

  private async materialsOf(municipalityId: string): Promise<ScaleConfigV1['materials']> {
    return [...(await this.materials.of(municipalityId)).values()].map(({ material, name: { ar, en } }) => ({
      material,
      name: { ar, en },
    }));
  }
}
