-- Lines A<TAB>B in: rpm.ver splits epoch, version and release as rpm itself does.
for line in io.lines(os.getenv("PAIRS")) do
	local a, b = line:match("^(.-)\t(.*)$")
	local ok, x = pcall(rpm.ver, a)
	local ok2, y = pcall(rpm.ver, b)
	if not ok or not ok2 or x == nil or y == nil then
		print("!")
	elseif x < y then
		print("<")
	elseif x == y then
		print("=")
	else
		print(">")
	end
end
