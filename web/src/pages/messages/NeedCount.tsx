import { useGet } from "@/api/react";
import { useMay } from "@/app/session";
import { Count } from "@/ui/Status";
import { PATHS } from "./data";
import { useThreadsNews } from "./news";

/** How many threads need a person, to a hundred. */
export function NeedCount() {
  const may = useMay()("messages.read");
  const query = { needs_agent: true, limit: 100 };
  const every = useThreadsNews(may);
  const { data } = useGet(PATHS.threads, { query }, { enabled: may, every: Math.max(every, 15_000) });
  return <Count value={data?.items.length ?? 0} tone="warn" />;
}
