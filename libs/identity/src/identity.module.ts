import { type DynamicModule, Module, type ModuleMetadata, type Provider, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access/access.guard.js';
import { Accounts } from './account/accounts.js';
import { Passwords } from './account/passwords.js';
import { DemoAccounts } from './demo/demo-accounts.js';
import { DemoController } from './demo/demo.controller.js';
import { MunicipalityDirectory } from './session/municipality-directory.js';
import { SessionCleanup } from './session/session-cleanup.js';
import { SessionController } from './session/session.controller.js';
import { Sessions } from './session/sessions.js';
import { SignInAttempts } from './session/sign-in-attempts.js';

export interface IdentityOptions {
  /** A provider of one of the imports that knows the municipalities. */
  readonly municipalities: Type<MunicipalityDirectory>;
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  /** Only where the demo is loaded. */
  readonly demo?: DemoAccounts;
}

/** Sign-in, and the guard before every route of the process: whatever it serves, a route says whom it is for. */
@Module({})
export class IdentityModule {
  static forRoot({ municipalities, imports, demo }: IdentityOptions): DynamicModule {
    const demoAccounts: Provider[] = demo ? [{ provide: DemoAccounts, useValue: demo }] : [];
    return {
      module: IdentityModule,
      imports,
      controllers: [SessionController, DemoController],
      providers: [
        { provide: MunicipalityDirectory, useExisting: municipalities },
        { provide: APP_GUARD, useClass: AccessGuard },
        Accounts,
        Passwords,
        Sessions,
        SessionCleanup,
        SignInAttempts,
        ...demoAccounts,
      ],
      exports: [Accounts],
    };
  }
}
