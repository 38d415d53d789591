/** A list handed over as a job: what it is about, what speaks against the file, and whether it is on its way. */
import { useMutation, useQueryClient } from '@tanstack/vue-query';
import { computed, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { faultOf } from '../organisation/fault.ts';
import { JOBS } from './jobs.ts';
import { type About, LARGEST } from './sending.ts';

/** `order` asks for the job under a key of its own, so that a repeated request makes no second one. */
export function useHandingOver(order: (file: File, of: About, key: string) => Promise<unknown>) {
  const { t } = useI18n();
  const client = useQueryClient();
  const about = ref<About>();
  const refusal = ref('');
  const sending = useMutation({
    mutationFn: ({ file, of }: { file: File; of: About }) => order(file, of, crypto.randomUUID()),
    onSuccess: () => client.invalidateQueries({ queryKey: JOBS }),
  });
  const fault = computed(() => refusal.value || faultOf(sending.error.value, t));

  function take(files: File[]): void {
    const [file] = files;
    refusal.value = '';
    const of = about.value;
    if (!file || !of) return;
    if (file.size === 0) refusal.value = t('imports.refusal.empty');
    else if (file.size > LARGEST) refusal.value = t('imports.refusal.large');
    else sending.mutate({ file, of });
  }

  return { about, fault, isHandedOver: sending.isSuccess, take };
}
