/** Lists that a page needs whole, such as the units of a tree: read page by page, in order. */

export interface PageOf<T> {
  items: T[];
  next?: string;
}

/** The most pages that are read: beyond it the list is cut, which no office of a city reaches. */
const MOST_PAGES = 50;

/** All items, page after page. */
export async function whole<T>(page: (cursor: string | undefined) => Promise<PageOf<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < MOST_PAGES; read++) {
    const { items, next } = await page(cursor);
    all.push(...items);
    if (!next) break;
    cursor = next;
  }
  return all;
}
