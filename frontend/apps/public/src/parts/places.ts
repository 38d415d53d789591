/** The counties and towns, asked for once. */
import { answer, api, type Schemas } from '@hutong/api';
import { ref } from 'vue';

export type County = Schemas['CountyView'];
/** A county that another installation serves: a household may be there. */
export type Elsewhere = Schemas['ElsewhereView'];

export const counties = ref<County[]>([]);
export const elsewhere = ref<Elsewhere[]>([]);

export async function loadPlaces(): Promise<void> {
  if (counties.value.length > 0) return;
  const told = await answer(api.GET('/api/public/places'));
  counties.value = told.counties;
  elsewhere.value = told.elsewhere;
}
