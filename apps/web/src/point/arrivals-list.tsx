import { NativeSelect, VisuallyHidden } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type Dispatch, useEffect, useRef, useState } from 'react';
import { type LiveWeighing, type Points } from '#api-client';
import { MaterialMark, useListedOrder, useMaterials } from '../shell/material.js';
import { useNow, useQuantities } from '../shell/quantities.js';
import { reasonMessage } from '../shell/reasons.js';
import { withChoice } from '../shell/search.js';
import { useLocalText, useWords, Words } from '../shell/words.js';
import classes from './arrivals-list.module.css';
import { type Arrivals, type ArrivalsChange } from './arrivals.js';

const route = getRouteApi('/signed-in/points');

interface Props {
  readonly arrivals: Arrivals;
  readonly change: Dispatch<ArrivalsChange>;
  readonly points: Points['items'];
}

/** Each weighing as it happens, newest first. While a pointer or the focus is on it, it holds still. */
export function ArrivalsList({ arrivals, change, points }: Props) {
  const { point, material } = route.useSearch();
  const matches = (weighing: LiveWeighing): boolean =>
    (point === undefined || weighing.pointId === point) && (material === undefined || weighing.material === material);
  const shown = arrivals.shown.filter(matches);
  const waiting = arrivals.waiting.filter(matches).length;
  return (
    <section className={classes.arrivals} aria-labelledby="arrivals">
      <h2 id="arrivals">
        <Words id="arrivals.title" />
      </h2>
      <Filters points={points} />
      <Announcement latest={arrivals.shown[0] ?? null} fresh={arrivals.fresh} points={points} />
      <div
        className={classes.region}
        onPointerEnter={() => change({ type: 'held' })}
        onPointerLeave={({ currentTarget }) => {
          if (currentTarget.querySelector(':focus-visible') === null) change({ type: 'released' });
        }}
        onFocus={({ target }) => {
          // A tap leaves the focus behind where nobody is any more; only the keyboard's focus is a hand on the list.
          if (target.matches(':focus-visible')) change({ type: 'held' });
        }}
        onBlur={({ currentTarget }) => {
          if (!currentTarget.matches(':hover')) change({ type: 'released' });
        }}
      >
        <button
          type="button"
          className={classes.waiting}
          data-some={waiting > 0}
          onClick={() => change({ type: 'caught-up' })}
        >
          {waiting === 0 ? (
            <Words id={arrivals.held ? 'arrivals.held' : 'arrivals.flowing'} />
          ) : (
            <Words id="arrivals.waiting" values={{ count: waiting }} />
          )}
        </button>
        {shown.length === 0 ? (
          <p className={classes.none}>
            <Words id={point === undefined && material === undefined ? 'arrivals.none' : 'arrivals.none.filtered'} />
          </p>
        ) : (
          <ol>
            {shown.map((weighing) => (
              <Arrival
                key={weighing.weighingId}
                weighing={weighing}
                points={points}
                fresh={arrivals.fresh.has(weighing.weighingId)}
              />
            ))}
          </ol>
        )}
      </div>
    </section>
  );
}

function Filters({ points }: { readonly points: Points['items'] }) {
  const say = useWords();
  const text = useLocalText();
  const name = useMaterials();
  const { point = '', material = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (key: 'point' | 'material', value: string): void =>
    void navigate({
      search: (before) => withChoice(before, key, value),
      replace: true,
      resetScroll: false,
    });
  const materials = useListedOrder()([...new Set(points.flatMap((item) => item.materials))], (code) => code);
  return (
    <div className={classes.filters}>
      <NativeSelect
        aria-label={say('filter.point')}
        value={point}
        onChange={(event) => choose('point', event.currentTarget.value)}
        data={[
          { value: '', label: say('filter.every-point') },
          ...points.map((item) => ({ value: item.pointId, label: text(item.name) })),
        ]}
      />
      <NativeSelect
        aria-label={say('filter.material')}
        value={material}
        onChange={(event) => choose('material', event.currentTarget.value)}
        data={[
          { value: '', label: say('filter.every-material') },
          ...materials.map((code) => ({ value: code, label: text(name(code).name) })),
        ]}
      />
    </div>
  );
}

const MINUTE_MS = 60_000;

interface ArrivalProps {
  readonly weighing: LiveWeighing;
  readonly points: Points['items'];
  readonly fresh: boolean;
}

function Arrival({ weighing, points, fresh }: ArrivalProps) {
  const say = useWords();
  const text = useLocalText();
  const material = useMaterials()(weighing.material);
  const { weighed, clock, shortMoment, moment, isToday } = useQuantities();
  const now = useNow(MINUTE_MS);
  const point = points.find(({ pointId }) => pointId === weighing.pointId);
  const [first] = weighing.reasons;
  return (
    <li className={classes.arrival} data-fresh={fresh} data-weighing={weighing.weighingId}>
      <MaterialMark code={weighing.material} />
      <span className={classes.what}>
        <strong>
          <bdi>{text(material.name)}</bdi>
        </strong>
        <span>
          <bdi>{point === undefined ? weighing.pointId : text(point.name)}</bdi>
        </span>
        {weighing.rewardable ? null : (
          <span className={classes.why}>
            {first === undefined ? say('arrivals.no-reward') : say(reasonMessage(first), { code: first })}
          </span>
        )}
      </span>
      <span className={classes.amount}>
        <bdi className="figure">{weighed(weighing.netGrams)}</bdi>
        <time dateTime={weighing.weighedAt} title={moment(weighing.weighedAt)} className="figure">
          {isToday(weighing.weighedAt, now) ? clock(weighing.weighedAt) : shortMoment(weighing.weighedAt)}
        </time>
      </span>
    </li>
  );
}

/** Read out at most this often: a busy point must not talk without end. */
const SPOKEN_EVERY_MS = 15_000;

interface AnnouncementProps {
  readonly latest: LiveWeighing | null;
  readonly fresh: ReadonlySet<string>;
  readonly points: Points['items'];
}

function Announcement({ latest, fresh, points }: AnnouncementProps) {
  const say = useWords();
  const text = useLocalText();
  const material = useMaterials();
  const { weighed } = useQuantities();
  const [spoken, setSpoken] = useState('');
  const spokenAt = useRef(0);
  const point = points.find(({ pointId }) => pointId === latest?.pointId);
  const sentence =
    latest === null || !fresh.has(latest.weighingId)
      ? ''
      : say('arrivals.spoken', {
          material: text(material(latest.material).name),
          weight: weighed(latest.netGrams),
          point: point === undefined ? latest.pointId : text(point.name),
        });
  useEffect(() => {
    if (sentence === '' || Date.now() - spokenAt.current < SPOKEN_EVERY_MS) return;
    spokenAt.current = Date.now();
    setSpoken(sentence);
  }, [sentence]);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {spoken}
    </VisuallyHidden>
  );
}
