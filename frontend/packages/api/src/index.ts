/** The API as the front end calls it. */
import type { components } from '../generated/schema';

export { answer, api, onceKey, speak } from './client.ts';
export { Problem } from './problem.ts';

/** Bodies and answers by name, as in openapi.json: `Schemas['ChildRow']`. */
export type Schemas = components['schemas'];
