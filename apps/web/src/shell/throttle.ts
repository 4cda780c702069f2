import { useEffect, useEffectEvent, useMemo, useRef } from 'react';

/**
 * A function that runs `action` at once when it was quiet, and otherwise once more at the end of the interval, however
 * often it is called in between.
 */
export function useThrottle(action: () => void, intervalMs: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const again = useRef(false);
  const act = useEffectEvent(action);
  const cycle = useRef<() => void>(undefined);
  useEffect(() => {
    cycle.current = () => {
      again.current = false;
      act();
      timer.current = setTimeout(() => {
        timer.current = undefined;
        if (again.current) cycle.current?.();
      }, intervalMs);
    };
    return () => clearTimeout(timer.current);
  }, [intervalMs]);
  return useMemo(
    () => () => {
      if (timer.current === undefined) cycle.current?.();
      else again.current = true;
    },
    [],
  );
}
