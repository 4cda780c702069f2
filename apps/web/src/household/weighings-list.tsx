import { Button } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { type HouseholdWeighing, type Point } from '#api-client';
import { MaterialMark, useMaterials } from '../shell/material.js';
import { Credits, Figure, Moment, Weighed } from '../shell/quantities.js';
import { Nothing } from '../shell/states.js';
import { useLocalText, Words } from '../shell/words.js';
import { Explanation } from './explanation.js';
import { outcomeOf } from './outcome.js';
import classes from './weighings-list.module.css';

interface Props {
  readonly mine: boolean;
  readonly weighings: readonly HouseholdWeighing[];
  readonly points: readonly Point[];
  readonly more: boolean;
  readonly loadingMore: boolean;
  readonly onMore: () => void;
}

/** Every weighing, newest first, each opening to how its amount came about. */
export function WeighingsList({ mine, weighings, points, more, loadingMore, onMore }: Props) {
  if (weighings.length === 0) {
    return (
      <Nothing
        title={<Words id="weighings.none" />}
        hint={<Words id={mine ? 'weighings.none.hint' : 'weighings.none.hint.clerk'} />}
      />
    );
  }
  return (
    <>
      <ol className={classes.list}>
        {weighings.map((weighing) => (
          <WeighingItem key={weighing.weighingId} weighing={weighing} points={points} />
        ))}
      </ol>
      {more ? (
        <Button variant="default" className={classes.more} onClick={onMore} loading={loadingMore}>
          <Words id="list.more" />
        </Button>
      ) : (
        <p className={classes.end}>
          <Words id="weighings.end" />
        </p>
      )}
    </>
  );
}

interface ItemProps {
  readonly weighing: HouseholdWeighing;
  readonly points: readonly Point[];
}

function WeighingItem({ weighing, points }: ItemProps) {
  const [open, setOpen] = useState(false);
  const details = useId();
  const text = useLocalText();
  const material = useMaterials()(weighing.material);
  const point = points.find(({ pointId }) => pointId === weighing.pointId);
  const earned = outcomeOf(weighing).kind === 'earned';
  return (
    <li className={classes.item} data-weighing={weighing.weighingId}>
      <button
        type="button"
        className={classes.summary}
        aria-expanded={open}
        aria-controls={details}
        onClick={() => setOpen(!open)}
      >
        <MaterialMark code={weighing.material} />
        <span className={classes.what}>
          <span>
            <strong>
              <bdi>{text(material.name)}</bdi>
            </strong>
            <span className={classes.weight}>
              <Weighed grams={weighing.netGrams} />
            </span>
          </span>
          <span className={classes.when}>
            <Moment iso={weighing.weighedAt} short />
          </span>
        </span>
        <span className={classes.amount} data-earned={earned}>
          {earned ? (
            <>
              <strong>
                <Figure>
                  <Words id="weighings.plus" values={{ credits: <Credits micro={weighing.microCredits} /> }} />
                </Figure>
              </strong>
              <span>
                <Words id="earned.provisional" />
              </span>
            </>
          ) : (
            <span>
              <Words id="weighings.no-credits" />
            </span>
          )}
        </span>
        <IconChevronDown className={classes.chevron} size={20} aria-hidden />
      </button>
      <div id={details} hidden={!open}>
        {open ? <Explanation weighing={weighing} point={point} /> : null}
      </div>
    </li>
  );
}
