-- Lines A<TAB>B in: rpm.ver splits epoch, version and release as rpm itself does.
for line in io.lines(os.getenv("PAIRS")) do
	local a, b = line:match("^(.-)\t(.*)$")
	local ok, x = pcall(rpm.ver, a)
	local ok2, y = pcall(rpm.ver, b)
	if not ok or not ok2 or x == nil or y == nil then
		io.write("!\n")
	elseif x < y then
		io.write("<\n")
	elseif x == y then
		io.write("=\n")
	else
		io.write(">\n")
	end
end
