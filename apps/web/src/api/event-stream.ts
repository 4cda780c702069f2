/** One event of a `text/event-stream`. */
export interface StreamEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** The longest event we accept; a stream that sends more is not ours. */
const EVENT_LENGTH_MAX = 64 * 1024;

/**
 * Cuts a `text/event-stream` (HTML standard § 9.2.6) into events. Comments are swallowed: to the caller they are only
 * a sign of life. Feed it text as it arrives; it remembers an unfinished line and an unfinished event.
 */
export class EventStreamParser {
  private rest = '';
  private lines: string[] = [];

  /** @returns the events that this piece of text completes. @throws RangeError for an event longer than allowed. */
  feed(text: string): readonly StreamEvent[] {
    const pieces = (this.rest + text).split('\n');
    this.rest = pieces.pop() ?? '';
    if (this.rest.length > EVENT_LENGTH_MAX) throw new RangeError('The event stream sent a line that is too long.');
    const events: StreamEvent[] = [];
    for (const piece of pieces) {
      const line = piece.endsWith('\r') ? piece.slice(0, -1) : piece;
      if (line !== '') this.lines.push(line);
      else {
        const event = eventOf(this.lines);
        this.lines = [];
        if (event !== null) events.push(event);
      }
    }
    return events;
  }
}

function eventOf(lines: readonly string[]): StreamEvent | null {
  let id: string | null = null;
  let event = 'message';
  const data: string[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
    else if (field === 'event') event = value;
  }
  return data.length === 0 ? null : { id, event, data: data.join('\n') };
}
