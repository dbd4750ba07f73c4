import { Component, h, type JSX } from "preact";
import { useEffect } from "preact/hooks";
import { beforeEach, expect, it } from "vitest";
import type { Signal } from "../../src/signals";
import { computed, effect, signal, useSignal } from "../../src/signals";
import * as page from "./page";
import { draw } from "./page";

const drawn = async () => (await page.drawn()).text;

beforeEach(page.open);

it("runs an effect again when something that it has read is another, until it is stopped", () => {
  const [name, other] = [signal("Айжан"), signal(1)];
  const seen: string[] = [];
  const stop = effect(() => void seen.push(`${name.value} ${other.peek()}`));
  other.value = 2;
  name.value = "Айжан";
  name.value = "Бакыт";
  stop();
  name.value = "Гүлжан";
  expect(seen).toEqual(["Айжан 1", "Бакыт 2"]);
});

it("lets an effect come to rest that changes what it reads, and tells the others of the last only", () => {
  const count = signal(0);
  const seen: number[] = [];
  effect(() => {
    if (count.value % 5) count.value++;
  });
  effect(() => void seen.push(count.value));
  count.value = 1;
  expect([count.value, seen.at(-1)]).toEqual([5, 5]);
});

it("shows what follows from others together with them, never as it was before", () => {
  const village = signal("Ак-Сай");
  const long = computed(() => village.value.length > 3);
  const seen: string[] = [];
  effect(() => void seen.push(`${village.value} ${long.value}`));
  village.value = "Көк";
  village.value = "Бел";
  expect([...new Set(seen)]).toEqual(["Ак-Сай true", "Көк false", "Бел false"]);
});

it("runs nobody whom another has just stopped, and goes on following after a fault", () => {
  const [fails, times] = [signal(false), { first: 0, second: 0 }];
  let stop = () => {};
  effect(() => {
    times.first++;
    if (fails.value) stop();
  });
  stop = effect(() => {
    times.second++;
    return void fails.value;
  });
  fails.value = true;
  expect(times).toEqual({ first: 2, second: 1 });

  const broken = signal(0);
  const seen: number[] = [];
  effect(() => {
    seen.push(broken.value);
    if (broken.value === 1) throw new Error("!");
  });
  expect(() => {
    broken.value = 1;
  }).toThrow("!");
  broken.value = 2;
  expect(seen).toEqual([0, 1, 2]);
});

it("draws anew what reads a signal that changed, and nothing else", async () => {
  const [name, other] = [signal("Айжан"), signal(1)];
  const times = { reads: 0, does_not: 0 };
  const Reads = () => {
    times.reads++;
    return h("p", null, name.value);
  };
  const DoesNot = () => {
    times.does_not++;
    return h("p", null, "!");
  };
  draw(h("div", null, h(Reads, null), h(DoesNot, null)));
  expect(await drawn()).toBe("Айжан!");
  name.value = "Бакыт";
  other.value = 2;
  expect(await drawn()).toBe("Бакыт!");
  expect(times).toEqual({ reads: 2, does_not: 1 });
});

it("follows what a component reads now, and not what it read before", async () => {
  const [which, first, second] = [signal(true), signal("a"), signal("b")];
  let times = 0;
  const One = () => {
    times++;
    return h("p", null, which.value ? first.value : second.value);
  };
  draw(h(One, null));
  which.value = false;
  expect(await drawn()).toBe("b");
  first.value = "c";
  expect(await drawn()).toBe("b");
  expect(times).toBe(2);
  second.value = "d";
  expect(await drawn()).toBe("d");
});

it("keeps a component's own signal, and takes in what is written while it is drawn", async () => {
  const wide = signal(1);
  let own: Signal<number> | undefined;
  const One = ({ step }: { step: number }) => {
    own = useSignal(step);
    const twice = computed(() => wide.value * 2);
    if (own.value < wide.value) own.value = wide.value;
    return h("p", null, `${own.value} ${twice.value}`);
  };
  draw(h(One, { step: 0 }));
  expect(await drawn()).toBe("1 2");
  wide.value = 3;
  expect(await drawn()).toBe("3 6");
  draw(h(One, { step: 9 }));
  expect(await drawn()).toBe("3 6");
});

it("no longer draws what is not shown, and ends its effects", async () => {
  const said = signal(0);
  let [times, ended] = [0, 0];
  const One = () => {
    times++;
    useEffect(() => () => void ended++, []);
    return h("p", null, said.value);
  };
  draw(h(One, null));
  await new Promise((done) => setTimeout(done, 60));
  draw(null);
  said.value = 1;
  expect(await drawn()).toBe("");
  await new Promise((done) => setTimeout(done, 60));
  expect([times, ended]).toEqual([1, 1]);
});

it("lets a fault reach whoever catches it", async () => {
  const [broken, other] = [signal(false), signal(0)];
  let times = 0;
  const One = () => {
    times++;
    other.value;
    if (broken.value) throw new Error("!");
    return h("p", null, "whole");
  };
  class Boundary extends Component<{ children: JSX.Element }, { failed: boolean }> {
    override state = { failed: false };
    static override getDerivedStateFromError() {
      return { failed: true };
    }
    override render() {
      return this.state.failed ? h("p", null, "failed") : this.props.children;
    }
  }
  draw(h(Boundary, null, h(One, null)));
  expect(await drawn()).toBe("whole");
  broken.value = true;
  expect(await drawn()).toBe("failed");
  const before = times;
  other.value = 1;
  expect([other.value, times], "what failed is drawn no more").toEqual([1, before]);
});
