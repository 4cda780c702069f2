import { Injectable } from '@nestjs/common';
import { type Readiness, ReadinessCheck } from '#platform';
import { ScaleBroker } from './scale-broker.js';

/** Without a broker nothing is heard: scales keep what they weigh until there is one again. */
@Injectable()
export class BrokerReadiness extends ReadinessCheck {
  readonly name = 'broker';

  constructor(private readonly broker: ScaleBroker) {
    super();
  }

  check(): Promise<Readiness> {
    return Promise.resolve({ ready: this.broker.isConnected });
  }
}
