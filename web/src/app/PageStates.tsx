/** What stands in the place of a page that is loading, failed, forbidden or not there. */
import { Compass, Lock } from "lucide-react";
import { useText } from "@/i18n";
import { en } from "@/i18n/en/app";
import { ur } from "@/i18n/ur/app";
import { Button, Empty, ErrorPanel, Page, Skeleton } from "@/ui";
import { Link } from "./nav";

export function PagePending() {
  return <Skeleton lines={8} />;
}

/** A fault of ours, or a part of the page that could not be fetched (a new version was installed meanwhile). */
export function PageFailed({ error, reset }: { error: unknown; reset?: () => void }) {
  const t = useText({ en, ur });
  const gone = error instanceof TypeError && /import|module|fetch/i.test(error.message);
  return (
    <Page title={gone ? t.newVersion : t.fault}>
      {gone ? <p>{t.newVersionText}</p> : <ErrorPanel error={error} onRetry={reset} />}
      <p><Button look="primary" onPress={() => location.reload()}>{t.reload}</Button></p>
    </Page>
  );
}

export function Forbidden() {
  const t = useText({ en, ur });
  return <Page title={t.forbidden}><Empty icon={<Lock aria-hidden />} title={t.forbiddenText} /></Page>;
}

export function NotFound() {
  const t = useText({ en, ur });
  return (
    <Page title={t.notFound}>
      <Empty icon={<Compass aria-hidden />} title={t.notFoundText} action={<Link to="/">{t.home}</Link>} />
    </Page>
  );
}
