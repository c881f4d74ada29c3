export default function Home() {
  return <h1>Gatehouse</h1>
}
