import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventRegistry, EventStore, Streams } from '#event-store';
import { Clock, SystemClock } from '#kernel';
import { InstallationKeys } from './installation-keys/installation-keys.js';
import { Settings } from './settings/settings.js';

export interface PlatformParts {
  readonly settings: Settings;
  readonly database: DataSource;
  readonly eventStore: EventStore;
  readonly registry: EventRegistry;
  readonly keys: InstallationKeys;
  readonly clock?: Clock;
}

/** What every process of Mizan stands on, opened by its `main` and handed to whoever asks. */
@Module({})
export class PlatformModule {
  static forRoot({
    settings,
    database,
    eventStore,
    registry,
    keys,
    clock = new SystemClock(),
  }: PlatformParts): DynamicModule {
    const providers = [
      { provide: Settings, useValue: settings },
      { provide: DataSource, useValue: database },
      { provide: EventStore, useValue: eventStore },
      { provide: EventRegistry, useValue: registry },
      { provide: InstallationKeys, useValue: keys },
      { provide: Clock, useValue: clock },
      Streams,
    ];
    return { module: PlatformModule, global: true, providers, exports: providers };
  }
}
