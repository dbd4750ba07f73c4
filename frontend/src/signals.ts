/**
 * Signals in components: what a component reads of them while it is drawn has it drawn anew when that changes. By the names and types of
 * @preact/signals, which stands for this in the sources: it can do more, in 0.8 kB that every phone would have to fetch.
 */
import { effect, type Signal, signal } from "@preact/signals-core";
import { type FunctionComponent, Fragment as Group, options } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

export { computed, effect, signal } from "@preact/signals-core";

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
      if (drawing) view = draw(props);
      else again({});
      drawing = false;
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
