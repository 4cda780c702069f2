import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

export interface Readiness {
  readonly ready: boolean;
  /** What an operator wants to know: numbers and states, nothing secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Something without which a process cannot do its work. Any provider of this kind is asked by /health/ready. */
export abstract class ReadinessCheck {
  /** kebab-case, unique in the process. */
  abstract readonly name: string;

  /** A check that rejects, or takes longer than CHECK_MS_MAX, is not ready. */
  abstract check(): Promise<Readiness>;
}

export const CHECK_MS_MAX = 2_000;

/** All checks of the process, asked together. */
@Injectable()
export class ReadinessChecks {
  private checks: readonly ReadinessCheck[] | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  async ask(): Promise<{ ready: boolean; checks: Record<string, Readiness> }> {
    this.checks ??= this.found();
    const answers = await Promise.all(
      this.checks.map(async (check) => [check.name, await answerInTime(check)] as const),
    );
    return { ready: answers.every(([, { ready }]) => ready), checks: Object.fromEntries(answers) };
  }

  private found(): readonly ReadinessCheck[] {
    const instances = this.discovery.getProviders().map((provider): unknown => provider.instance);
    return [...new Set(instances)].filter((instance) => instance instanceof ReadinessCheck);
  }
}

async function answerInTime(check: ReadinessCheck): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Readiness>((resolve) => {
    timer = setTimeout(() => resolve({ ready: false, detail: { problem: 'no answer' } }), CHECK_MS_MAX);
  });
  try {
    return await Promise.race([check.check(), late]);
  } catch {
    return { ready: false, detail: { problem: 'failed' } };
  } finally {
    clearTimeout(timer);
  }
}
