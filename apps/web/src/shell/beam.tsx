import { type CSSProperties, type ReactNode } from 'react';
import classes from './beam.module.css';

interface Load {
  readonly id: string;
  /** Length on the beam, between 0 and 1; loads stand one after the other. */
  readonly share: number;
  /** `final` is solid, `provisional` hatched: told apart without colour. */
  readonly kind: 'final' | 'provisional';
}

interface Props {
  readonly loads: readonly Load[];
  /** What hangs where the loads end. */
  readonly hanging: ReactNode;
  /** What hangs at the end of the beam: the limit that the loads are weighed against. */
  readonly limit: ReactNode;
  /** The whole figure in a sentence, for those who do not see it. */
  readonly caption: string;
}

/**
 * The beam: one horizontal line at rest that everything hangs from. What is there hangs where its length ends, the
 * limit hangs at the end; how far apart they hang is how far there is to go.
 */
export function Beam({ loads, hanging, limit, caption }: Props) {
  const filled = Math.min(
    1,
    loads.reduce((sum, load) => sum + load.share, 0),
  );
  const place = { '--filled': filled } as CSSProperties;
  return (
    <figure className={classes.beam} style={place} aria-label={caption}>
      <div className={classes.drawing} aria-hidden="true">
        <svg className={classes.pivot} viewBox="0 0 24 26">
          <circle cx="12" cy="4" r="2.75" />
          <path d="M12 7v9" />
          <path className={classes.knife} d="M12 26 7.5 15h9z" />
        </svg>
        <div className={classes.bar}>
          <div className={classes.fill}>
            {loads.map((load) => (
              <div
                key={load.id}
                className={classes.load}
                data-kind={load.kind}
                style={{ inlineSize: `${String(load.share * 100)}%` }}
              />
            ))}
          </div>
        </div>
        <div className={classes.scale}>
          <div className={classes.ticks} />
          <div className={classes.thread} data-of="hanging" />
          <div className={classes.thread} data-of="limit" />
          <svg className={classes.pan} viewBox="0 0 36 40">
            <path className={classes.strings} d="M18 0 4 22M18 0l14 22" />
            <path className={classes.bowl} d="M1.5 22h33c-1.5 9-8.5 13.5-16.5 13.5S3 31 1.5 22z" />
          </svg>
          <svg className={classes.stop} viewBox="0 0 16 18">
            <circle cx="8" cy="9" r="6" />
          </svg>
        </div>
      </div>
      <div className={classes.labels}>
        <div className={classes.hanging}>{hanging}</div>
        <div className={classes.limit}>{limit}</div>
      </div>
    </figure>
  );
}
