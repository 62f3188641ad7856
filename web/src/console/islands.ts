/** Islands: elements with `data-island="name"` are given life by the function of that name, once each. */
export type Island = (element: HTMLElement) => void;

const islands: Record<string, Island> = {};
const alive = new WeakSet<HTMLElement>();

/** Name a function that gives life to elements with `data-island="name"`. */
export function island(name: string, mount: Island): void {
  islands[name] = mount;
}

/** Mount every island within `root` that is not alive yet. */
export function mountIslands(root: HTMLElement): void {
  const found = [...root.querySelectorAll<HTMLElement>("[data-island]")];
  if (root.dataset["island"]) found.push(root);
  for (const element of found) {
    const mount = islands[element.dataset["island"] ?? ""];
    if (!mount || alive.has(element)) continue;
    alive.add(element);
    mount(element);
  }
}
