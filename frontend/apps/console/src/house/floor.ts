/** What Chromium 86 lacks and our parts use. */

function missing<T extends object>(on: T, name: string, value: unknown): void {
  if (!(name in on)) Object.defineProperty(on, name, { value, writable: true, configurable: true });
}

function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  const whole = Math.trunc(index) || 0;
  return this[whole < 0 ? this.length + whole : whole];
}

missing(Array.prototype, 'at', at);
missing(String.prototype, 'at', at);
missing(
  Object,
  'hasOwn',
  (on: object, key: PropertyKey) => Object.getOwnPropertyDescriptor(on, key) !== undefined,
);
