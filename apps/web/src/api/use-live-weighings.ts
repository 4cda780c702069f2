import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { type LiveWeighing } from '#api-client';
import { type Connection, LiveWeighings } from './live-weighings.js';

/**
 * Follows the live stream while the component is on the page.
 * @param after the position to resume from; undefined while it is not known yet, null for "from now on"
 * @param onWeighing called for each weighing as it arrives
 */
export function useLiveWeighings(
  after: string | null | undefined,
  onWeighing: (weighing: LiveWeighing) => void,
): Connection {
  const [connection, setConnection] = useState<Connection>({ phase: 'connecting' });
  const queries = useQueryClient();
  const arrived = useEffectEvent(onWeighing);
  const known = after !== undefined;
  const start = useEffectEvent(() => after ?? null);
  useEffect(() => {
    if (!known) return undefined;
    return LiveWeighings.follow(start(), {
      onWeighing: (weighing) => arrived(weighing),
      onReset: () => void queries.invalidateQueries(),
      onConnection: setConnection,
    });
  }, [known, queries]);
  return connection;
}
