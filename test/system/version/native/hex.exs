# Lines in, answers out, by Elixir's Version; argument "satisfies" for ranges.
ranges = System.argv() == ["satisfies"]
answer = fn a, b ->
  with {:ok, x} <- Version.parse(a) do
    if ranges do
      case Version.parse_requirement(b) do
        {:ok, r} -> if Version.match?(x, r), do: "yes", else: "no"
        :error -> "!"
      end
    else
      case Version.parse(b) do
        {:ok, y} -> %{lt: "<", eq: "=", gt: ">"}[Version.compare(x, y)]
        :error -> "!"
      end
    end
  else
    :error -> "!"
  end
end
IO.stream(:stdio, :line)
|> Enum.map(fn line ->
  [a, b] = line |> String.trim_trailing("\n") |> String.split("\t")
  [answer.(a, b), "\n"]
end)
|> IO.write()
