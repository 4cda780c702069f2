import { Link } from '@tanstack/react-router';
import { type LiveWeighing, type Point, type Stock } from '#api-client';
import { MaterialMark, useListedOrder, useMaterials } from '../shell/material.js';
import { Ago, Code, useQuantities } from '../shell/quantities.js';
import { withChoice } from '../shell/search.js';
import { useLocalText, useWords, Words } from '../shell/words.js';
import classes from './point-card.module.css';

interface Props {
  readonly point: Point;
  /** Whether the list of arrivals shows this point only. */
  readonly chosen: boolean;
  /** The weighing that just happened here, while it is marked. */
  readonly changed: LiveWeighing | null;
  /** What lies in its bins, for those who may know. */
  readonly stock: readonly Stock[] | null;
}

/** A point: today's kilograms, its bins hanging from the beam, and its scales. */
export function PointCard({ point, chosen, changed, stock }: Props) {
  const text = useLocalText();
  const { kilograms } = useQuantities();
  return (
    <article className={classes.card} data-changed={changed !== null} data-chosen={chosen}>
      <div className={classes.head}>
        <h3>
          <Link
            from="/points"
            to="."
            search={(before) => withChoice(before, 'point', before.point === point.pointId ? '' : point.pointId)}
            activeOptions={{ exact: true }}
            aria-current={chosen ? 'true' : undefined}
            resetScroll={false}
          >
            <bdi>{text(point.name)}</bdi>
          </Link>
        </h3>
        <p className={classes.today}>
          <bdi className="figure">{kilograms(point.today.netGrams)}</bdi> <Words id="unit.kilograms" />
        </p>
        <p className={classes.weighings}>
          <Words id="points.weighings" values={{ count: point.today.weighings }} />
        </p>
      </div>
      <Bins materials={point.materials} changed={changed?.material ?? null} stock={stock} />
      <ul className={classes.scales}>
        {point.scales.map((scale) => (
          <Scale key={scale.scaleId} scale={scale} />
        ))}
      </ul>
    </article>
  );
}

interface BinsProps {
  readonly materials: readonly string[];
  readonly changed: string | null;
  readonly stock: readonly Stock[] | null;
}

function Bins({ materials, changed, stock }: BinsProps) {
  const say = useWords();
  const text = useLocalText();
  const material = useMaterials();
  const inListedOrder = useListedOrder();
  const { kilograms } = useQuantities();
  return (
    <ul className={classes.bins} aria-label={say('points.bins')}>
      {inListedOrder(materials, (code) => code).map((code) => {
        const grams = stock?.find((item) => item.material === code)?.grams ?? '0';
        return (
          <li key={code} data-changed={code === changed}>
            <MaterialMark code={code} />
            <span className={classes.binName}>
              <bdi>{text(material(code).name)}</bdi>
            </span>
            {stock === null ? null : <bdi className="figure">{kilograms(grams)}</bdi>}
          </li>
        );
      })}
    </ul>
  );
}

const STATUS = { online: 'scale.online', offline: 'scale.offline', unknown: 'scale.unknown' } as const;

function Scale({ scale }: { readonly scale: Point['scales'][number] }) {
  return (
    <li className={classes.scale} data-status={scale.status}>
      <span className={classes.lamp} aria-hidden="true" />
      <Code>{scale.scaleId}</Code>
      <span>
        <Words id={STATUS[scale.status]} />
      </span>
      {scale.status === 'online' || scale.lastSeenAt === null ? null : (
        <span className={classes.seen}>
          <Ago iso={scale.lastSeenAt} />
        </span>
      )}
    </li>
  );
}
