const POLL_MS = 25;

/**
 * Polls until the assertion holds and answers what it answered; fails with the assertion's own last failure, which says
 * what was missing, not with "timed out".
 */
export async function eventually<T>(assertion: () => Promise<T> | T, timeoutMs = 10_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (failure) {
      if (Date.now() > deadline) throw failure;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
