import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '#platform';
import { Accounts } from '../account/accounts.js';
import { Sessions } from './sessions.js';

const CLEAN_EVERY_MS = 10 * 60_000;

/** Removes what must not be there: sessions that are over, and demo accounts where the demo is off. */
@Injectable()
export class SessionCleanup implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(SessionCleanup.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sessions: Sessions,
    private readonly accounts: Accounts,
    private readonly settings: Settings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.settings.demo) await this.accounts.removeDemoAccounts();
    this.timer = setInterval(() => void this.clean(), CLEAN_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async clean(): Promise<void> {
    try {
      await this.sessions.clean();
    } catch (error) {
      this.log.warn(`Sessions that are over stay until the next time: ${String(error)}`);
    }
  }
}
