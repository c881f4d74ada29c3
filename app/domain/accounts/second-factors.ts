/**
 * The second factors people can enrol on this installation. While there is none, no organisation's wish for one is enforced:
 * it would shut everybody out.
 */
export const secondFactors: readonly string[] = []
