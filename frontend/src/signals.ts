/**
 * Values that are followed: what reads one while it runs, runs again when that changes; a component is drawn anew. It is all that the
 * screens ask of a library like @preact/signals, which can do more, in 2.1 kB that every phone would have to fetch.
 */
import { type FunctionComponent, Fragment as Group, options } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

export interface Signal<Value> {
  /** Whoever reads it while running follows it; what is written runs them again at once, unless it is the same. */
  value: Value;
  /** Read, and not followed. */
  peek(): Value;
}

type Run = () => void;

/** What is running now, and whose followers it is among. */
let running: { again: Run; among: Set<Set<Run>> } | null = null;

export function signal<Value>(value: Value): Signal<Value> {
  const followers = new Set<Run>();
  return {
    get value() {
      if (running) {
        followers.add(running.again);
        running.among.add(followers);
      }
      return value;
    },
    set value(next) {
      if (next === value) return;
      value = next;
      for (const again of [...followers]) if (followers.has(again)) again();
    },
    peek: () => value,
  };
}

/** Runs now, and again when something changes that it has read; until what is returned is called. */
export function effect(run: Run): Run {
  const among = new Set<Set<Run>>();
  let [busy, stale] = [false, false];
  const stop = () => {
    for (const followers of among) followers.delete(again);
    among.clear();
  };
  const again = () => {
    // What it changes itself it sees once it has ended.
    stale = true;
    if (busy) return;
    const around = running;
    busy = true;
    try {
      while (stale) {
        stale = false;
        stop();
        running = { again, among };
        run();
      }
    } finally {
      running = around;
      busy = false;
    }
  };
  again();
  return stop;
}

/** What follows from others, for as long as the page is open. */
export function computed<Value>(
  from: () => Value,
): Pick<Signal<Value>, "peek"> & Readonly<Pick<Signal<Value>, "value">> {
  const known = signal<Value | undefined>(undefined);
  effect(() => {
    known.value = from();
  });
  return known as Signal<Value>;
}

/** A signal of the component's own. */
export function useSignal<Value>(first: Value): Signal<Value> {
  return useMemo(() => signal(first), []);
}

type Drawn = FunctionComponent<object>;

/** By what is to be drawn, and by themselves; a fragment only holds others. */
const followers = new Map<Drawn, Drawn>([[Group as Drawn, Group as Drawn]]);

/** The same component, which follows the signals that it reads. */
function following(draw: Drawn): Drawn {
  return (props) => {
    const [, again] = useState({});
    const stop = useRef(() => {});
    useEffect(() => () => stop.current(), []);
    stop.current();
    let view: ReturnType<Drawn>;
    let drawing = true;
    stop.current = effect(() => {
      if (!drawing) return again({});
      // Also where drawing it fails: nobody draws it here a second time.
      drawing = false;
      view = draw(props);
    });
    return view;
  };
}

options.vnode = (vnode) => {
  const draw = vnode.type as Drawn;
  // A class reads none.
  if (typeof draw !== "function" || draw.prototype?.render) return;
  const follower = followers.get(draw) ?? following(draw);
  // Who is drawn anew comes here as a follower.
  followers.set(draw, follower).set(follower, follower);
  vnode.type = follower as typeof vnode.type;
};
