/** How the account's events travel in one life. */
export const posts = {
  ordered: { dropped: 0, repeated: 0, late: 0 },
  repeated: { dropped: 0, repeated: 0.8, late: 0.2 },
  late: { dropped: 0, repeated: 0.1, late: 0.8 },
  rough: {},
  lossy: { dropped: 0.7, repeated: 0.2, late: 0.3 },
  cut: { dropped: 1 },
} as const
export type Post = keyof typeof posts
export const postNames: Post[] = ["ordered", "repeated", "late", "rough", "rough", "lossy", "cut"]
