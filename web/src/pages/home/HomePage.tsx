import { Page } from "@/ui";

export default function HomePage() {
  return <Page title="Munshi">{null}</Page>;
}
