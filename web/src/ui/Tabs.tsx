import { type ReactNode, useRef } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";
import css from "./Tabs.module.css";
import { useInSight } from "./useInSight";

export interface TabSpec {
  id: string;
  label: ReactNode;
  content: ReactNode;
}

/** Parts of a page of which one is shown. */
export function Tabs({ label, tabs, selected, onSelect }: { label: string; tabs: TabSpec[]; selected?: string; onSelect?: (id: string) => void }) {
  const list = useRef<HTMLDivElement>(null);
  useInSight(list, '[aria-selected="true"]', selected);
  return (
    <AriaTabs selectedKey={selected} onSelectionChange={(key) => onSelect?.(String(key))} className={css.tabs ?? ""}>
      <TabList ref={list} aria-label={label} className={css.list ?? ""}>
        {tabs.map((tab) => <Tab key={tab.id} id={tab.id} className={css.tab ?? ""}>{tab.label}</Tab>)}
      </TabList>
      {tabs.map((tab) => <TabPanel key={tab.id} id={tab.id} className={css.panel ?? ""}>{tab.content}</TabPanel>)}
    </AriaTabs>
  );
}
