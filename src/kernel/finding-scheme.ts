/**
 * Of a secret whose report carried no value, because the tool had blanked it. Its identity rests on the position
 * and would outlive a changed value, so no waiver may name a finding by it.
 */
export const POSITION_ONLY_SCHEME = 'class+position/1';
