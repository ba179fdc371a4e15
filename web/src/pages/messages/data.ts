/** Where messages are asked for, and how often what no topic tells of. */

export const PATHS = {
  threads: "/api/v1/conversations",
  thread: "/api/v1/conversations/{id}",
  entries: "/api/v1/conversations/{id}/messages",
  wishes: "/api/v1/conversations/{id}/preferences",
  customerWishes: "/api/v1/customers/{id}/preferences",
  ofCustomer: "/api/v1/customers/{id}/conversation",
  dead: "/api/v1/dead-letters",
  deadOne: "/api/v1/dead-letters/{connection}/{id}",
  connections: "/api/v1/connections",
  connection: "/api/v1/connections/{id}",
  templates: "/api/v1/message-templates",
} as const;

/** What a change of a thread makes old. */
export const THREAD_PATHS: string[] = [PATHS.threads, PATHS.thread, PATHS.entries, PATHS.ofCustomer];

/** Milliseconds between looks. */
export const EVERY = 4_000;
