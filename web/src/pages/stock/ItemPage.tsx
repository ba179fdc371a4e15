/** One SKU in one warehouse: what its levels mean, why on-hand is what it is, where it lies. */
import { Printer } from "lucide-react";
import { useEffect, useRef } from "react";
import { useGet, useRefresh } from "@/api/react";
import { Link, usePathParams } from "@/app/nav";
import { useFormat, useText } from "@/i18n";
import { en } from "@/i18n/en/stock";
import { ur } from "@/i18n/ur/stock";
import { useTopic } from "@/live/react";
import { topicCode, useWarehouse } from "@/pages/parts/warehouse";
import { Badge, Button, buttonClass, Card, Empty, ErrorPanel, Facts, Ltr, Num, Page, Skeleton } from "@/ui";
import type { StockRow } from "@/wire/munshi-v1";
import { BinsCard } from "./BinsCard";
import { LedgerCard } from "./LedgerCard";
import { Levels } from "./Levels";
import { STOCK_PATHS, StockActions } from "./StockActions";
import css from "./stock.module.css";

/** Asks anew for everything shown here when the live row says that something changed. */
function useFollow(code: string, sku: string): void {
  const { rows } = useTopic<StockRow>(`wh.${topicCode(code)}.stock`);
  const row = rows.get(sku) ?? [...rows.values()].find((one) => one.v.sku === sku);
  const refresh = useRefresh();
  const seen = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (seen.current !== undefined && row && row.ver !== seen.current) STOCK_PATHS.forEach(refresh);
    seen.current = row?.ver;
  }, [row, refresh]);
}

export default function ItemPage() {
  const t = useText({ en, ur });
  const format = useFormat();
  const { warehouse: code, sku } = usePathParams<{ warehouse: string; sku: string }>();
  useWarehouse(code);
  useFollow(code, sku);
  const query = useGet("/api/v1/warehouses/{code}/stock/{sku}", { path: { code, sku } });
  const product = useGet("/api/v1/products/{sku}", { path: { sku } });
  const stock = query.data ?? null;
  const unknown = query.error?.status === 404;
  const low = stock && stock.low_stock > 0 && stock.available <= stock.low_stock;
  return (
    <Page
      title={product.data ? <><bdi>{product.data.title}</bdi> <span className={css.whole}><Ltr mono>{sku}</Ltr></span></> : <Ltr mono>{sku}</Ltr>} name={sku}
      up={{ to: `/stock?w=${encodeURIComponent(code)}`, label: `${t.title} · ${code}` }}
      beside={stock && stock.available <= 0 ? <Badge tone="bad">{t.short}</Badge> : low ? <Badge tone="warn">{t.low}</Badge> : null}
      actions={
        <>
          <StockActions code={code} sku={sku} stock={stock} />
          <Link className={buttonClass()} to={`/stock/sku/${encodeURIComponent(sku)}`}>{t.everywhere}</Link>
          <Button icon={<Printer aria-hidden />} onPress={() => window.print()}>{t.print}</Button>
        </>
      }
    >
      {query.isPending ? <Skeleton lines={8} /> : null}
      {query.error && !stock && !unknown ? <ErrorPanel error={query.error} onRetry={() => void query.refetch()} /> : null}
      {unknown ? <Empty title={t.notHere} action={<Link to={`/products/${encodeURIComponent(sku)}`}>{t.openProduct}</Link>} /> : null}
      {stock ? (
        <div className={css.stack}>
          <Levels stock={stock} />
          {Object.keys(stock.conditions).length > 0 || stock.waiting > 0 ? (
            <Card title={t.conditions}>
              <Facts
                columns
                facts={[
                  ...Object.entries(stock.conditions).map(([name, units]): [string, React.ReactNode] => [t.condition[name] ?? name, <Num key={name} value={units} />]),
                  [t.waiting, stock.waiting > 0 ? <Num key="waiting" value={stock.waiting} /> : null],
                ]}
              />
            </Card>
          ) : null}
          <LedgerCard code={code} sku={sku} stock={stock} title={t.ledger.replace("{n}", format.number(stock.on_hand))} />
          <BinsCard code={code} sku={sku} />
        </div>
      ) : null}
    </Page>
  );
}
