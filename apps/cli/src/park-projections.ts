import { userInfo } from 'node:os';
import { parkEvent, type Parking, unparkEvent } from '#subscriptions';
import { projectionNamed } from './choose-projections.js';
import { type Command, type CommandContext, EXIT, UsageError } from './cli.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const parkProjectionEvent: Command = {
  name: 'projections park',
  parameters: '<name> --event <id> --reason "<text>"',
  summary: 'set aside the event at which a projection stopped, so that it goes on without it',
  details: `For an event that cannot be applied and never will: what the projection shows will be wrong by it, which is
why somebody must say so. The event stays in the log; the projection leaves it out from now on, and so do rebuilds and
verifications, in later releases too, until it is taken back (\`projections unpark\`). Who did it (--by, otherwise the
account that runs this command), when and why (10 to 1,000 characters) is kept. Only the event at which the projection
stopped can be set aside; \`projections list\` shows it. If the cause can be repaired, repair it and \`projections retry\`.`,
  options: { event: { type: 'string' }, reason: { type: 'string' }, by: { type: 'string' } },
  async run(context) {
    const parking = parkingOf(context);
    const { reason } = context.options;
    if (typeof reason !== 'string') throw new UsageError('Say why: --reason "<text>".');
    await parkEvent(context.dataSource, { ...parking, reason });
    context.print(`${parking.projection}: leaves out event ${parking.eventId} and goes on`);
    return EXIT.done;
  },
};

export const unparkProjectionEvent: Command = {
  name: 'projections unpark',
  parameters: '<name> --event <id>',
  summary: 'take a parked event back; a rebuild then applies it',
  details: `The projection has passed the event: nothing changes until it is rebuilt (\`projections rebuild <name>\`). Do
that next; until then \`projections verify\` finds the difference. That the event was parked, and by whom, is kept.`,
  options: { event: { type: 'string' }, by: { type: 'string' } },
  async run(context) {
    const parking = parkingOf(context);
    await unparkEvent(context.dataSource, parking);
    const { projection } = parking;
    context.print(`${projection}: no longer leaves out event ${parking.eventId}`);
    context.print(`Rebuild it now, or it stays without the event: npm run mizan -- projections rebuild ${projection}`);
    return EXIT.done;
  },
};

function parkingOf({ contexts, names, options }: CommandContext): Parking {
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) throw new UsageError('Give the name of one projection.');
  const { event, by = accountName() } = options;
  if (typeof event !== 'string' || !UUID.test(event)) throw new UsageError('Give the id of the event: --event <id>.');
  if (typeof by !== 'string' || by.trim() === '') throw new UsageError('Say who decides this: --by <name>.');
  return { projection: projectionNamed(contexts.projections, name).name, eventId: event.toLowerCase(), by: by.trim() };
}

/** @returns undefined in a container whose user has no name */
function accountName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
