import { type KurrentDbClient } from './kurrentdb-client.js';

/** Clients between which and the server something goes wrong. */
export interface FaultyClients {
  on(client: KurrentDbClient): KurrentDbClient;
}

const APPENDS = new Set(['appendToStream', 'multiStreamAppend']);

/** Loses a connection once it is armed: the appends under way then are written, and their answers never heard. */
export class LostAnswer implements FaultyClients {
  private pending = false;
  private underWay = 0;

  on(client: KurrentDbClient): KurrentDbClient {
    return intercept(client, (name, call) => (this.pending && APPENDS.has(name) ? this.lose(call()) : call()));
  }

  arm(): void {
    this.pending = true;
  }

  private async lose(append: unknown): Promise<never> {
    this.underWay += 1;
    await append;
    this.underWay -= 1;
    if (this.underWay === 0) this.pending = false;
    throw connectionLost();
  }
}

/** A server that comes only after so many clients have asked in vain. */
export class LateServer implements FaultyClients {
  constructor(private clientsInVain: number) {}

  on(client: KurrentDbClient): KurrentDbClient {
    this.clientsInVain -= 1;
    if (this.clientsInVain < 0) return client;
    return new Proxy(client, {
      get: (target, name) =>
        name === 'capabilities' ? Promise.reject(connectionLost()) : (Reflect.get(target, name, target) as unknown),
    });
  }
}

/** Cuts the connections of all clients that there are: they fail from then on, as those of a server that was killed. */
export class CutClients implements FaultyClients {
  private cuts = 0;
  private readonly cutters = new Set<() => void>();

  on(client: KurrentDbClient): KurrentDbClient {
    const born = this.cuts;
    return intercept(client, (name, call) => {
      if (this.cuts === born || name === 'dispose') {
        const answer = call();
        if (name === 'subscribeToAll')
          this.cutters.add(() => (answer as { destroy(error: Error): void }).destroy(connectionLost()));
        return answer;
      }
      if (name.startsWith('read')) return failingRead();
      return Promise.reject(connectionLost());
    });
  }

  readonly cut = (): void => {
    this.cuts += 1;
    for (const cut of this.cutters) cut();
    this.cutters.clear();
  };
}

function intercept(client: KurrentDbClient, answer: (name: string, call: () => unknown) => unknown): KurrentDbClient {
  return new Proxy(client, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => answer(String(name), () => Reflect.apply(member, target, args) as unknown);
    },
  });
}

function failingRead(): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(connectionLost()) }) };
}

function connectionLost(): Error {
  return Object.assign(new Error('the connection was lost'), { code: 14 });
}
